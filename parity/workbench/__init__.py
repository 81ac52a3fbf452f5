"""The workbench: a local web page on which the mapping templates of a served program are tried, repaired and saved."""
