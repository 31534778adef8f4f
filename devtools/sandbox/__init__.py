"""A stand-in of YooKassa for the demo and the tests: never for production."""
