"""How a function's runtime is started locally: Python, Node.js, and the function's own."""
