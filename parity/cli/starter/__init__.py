"""What `parity init` writes: a small program, its templates, its requests and a test. A file's name ends in .txt here,
and `/` is `__` in it."""
