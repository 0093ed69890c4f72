from . import test_clicks, test_screens
