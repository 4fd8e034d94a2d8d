"""The one error that this package raises on its own behalf."""


class JobsError(RuntimeError):
    """The jobs could not be run, read or trusted; the message names the cause and what to do."""
