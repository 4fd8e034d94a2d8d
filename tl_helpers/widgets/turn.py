"""When the kernel hears a press on the page, and when it does what the press asks for."""

import contextlib
import threading

from IPython import get_ipython

__all__ = ["at_once", "in_turn"]


def in_turn(call) -> None:
    """Call it: now, or when the kernel's own thread is free.

    JupyterLab may deliver a press on a thread of its own, beside a running cell, whose seeds the
    call would reset.
    """
    if threading.current_thread() is threading.main_thread():
        call()
    else:
        get_ipython().kernel.io_loop.add_callback(call)


def at_once(comm) -> None:
    """Let a widget be heard while a cell runs, where front end and kernel can do that.

    JupyterLab sends what a widget says to a thread beside the one that runs cells. But ipykernel
    from 7.4 on gives it to the thread that spoke to the page last, which is the one that trains,
    and so not before the cell has ended. It has no option; without its note of who spoke, it asks
    JupyterLab.
    """
    with contextlib.suppress(AttributeError):  # another kernel: nothing to forget
        del comm._reply_subshell_id
