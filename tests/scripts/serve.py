"""Run by test_two_workers.py in a process of its own: Odoo's command line. Unlike ``python -m odoo``, a server with
workers can start itself again for the websockets.
"""

from odoo.cli.command import main

if __name__ == "__main__":
    main()
