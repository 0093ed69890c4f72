from . import test_clicks, test_mailing, test_screens, test_telegram
