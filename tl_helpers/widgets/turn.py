"""When the kernel does what a press on the page asks for."""

import threading

from IPython import get_ipython

__all__ = ["in_turn"]


def in_turn(call) -> None:
    """Call it: now, or when the kernel's own thread is free.

    JupyterLab may deliver a press on a thread of its own, beside a running cell, whose seeds the
    call would reset.
    """
    if threading.current_thread() is threading.main_thread():
        call()
    else:
        get_ipython().kernel.io_loop.add_callback(call)
