from . import test_integrators_page, test_visit
