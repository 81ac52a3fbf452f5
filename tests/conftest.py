"""What every test may use: pytest's own runner, for the tests of the plugin."""

pytest_plugins = ["pytester"]
