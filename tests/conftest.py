"""What every test may use: pytest's own runner, for the tests of the plugin; and Ctrl-C."""

import signal

pytest_plugins = ["pytester"]

# A shell starts what runs in its background with SIGINT ignored, and so all that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
