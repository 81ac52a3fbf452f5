"""From a template's tree to Python source."""
