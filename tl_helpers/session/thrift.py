"""What Keras on TensorFlow wastes of memory and time, and does not have to."""

import contextlib
import ctypes
import gc
import sys
from functools import wraps

from .device import ensure_backend

# A Keras that has these methods elsewhere stays as it is: slower, no worse.
ELSEWHERE = contextlib.suppress(ImportError, AttributeError)


def keep_memory() -> None:
    """Ask glibc to keep the memory that training frees, for its next step.

    TensorFlow 2.21 lowers glibc's trim threshold to 128 kB when a `PyDataset` is first read. From
    then on every step gives its buffers back to the system and faults them in again, millions of
    times an epoch: benchmarks/keep_memory.py has the ratio. Elsewhere than on glibc: nothing.
    """
    glibc = _glibc()
    if glibc is None:
        return
    mmap_threshold, top_pad, arenas = -3, -2, -8  # M_MMAP_THRESHOLD and so on, of malloc.h
    glibc.mallopt(mmap_threshold, 1 << 30)
    glibc.mallopt(top_pad, 64 << 20)  # survives TensorFlow's change: a trim leaves this much
    glibc.mallopt(arenas, 2)  # each thread's own would keep its own spare memory


def tidy() -> None:
    """Give back to the system what a finished training leaves.

    A Keras model is part of cycles: without collecting them, the models of many runs pile up. And
    what is free, `keep_memory` keeps.
    """
    gc.collect()
    if glibc := _glibc():
        glibc.malloc_trim(0)


def _glibc():
    """The C library, or None where it is another than glibc."""
    try:
        library = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
        return library if library and library.mallopt and library.malloc_trim else None
    except AttributeError:  # musl
        return None


def no_autotune() -> None:
    """Let Keras read its data without tf.data's autotuning, under TensorFlow.

    Its thread looks again after 10 ms, 20 ms, and so on, each time twice as long, and TensorFlow
    2.21 often fails to wake it: then the end of a `predict`, or of an epoch of `fit`, waits until
    it wakes by itself, at worst for as long as the run has taken. benchmarks/autotune.py has the
    ratio. What is read, and in what order, stays the same.
    """
    if ensure_backend() != "tensorflow":
        return
    import tensorflow as tf

    def untuned(read, adapter):
        options = tf.data.Options()
        options.autotune.enabled = False
        return read(adapter).with_options(options)

    with ELSEWHERE:
        from keras.src.trainers.data_adapters import array_data_adapter, py_dataset_adapter

        _wrap(array_data_adapter.ArrayDataAdapter, "get_tf_dataset", untuned)
        _wrap(py_dataset_adapter.PyDatasetAdapter, "get_tf_dataset", untuned)


def one_replica() -> None:
    """Let optimizers sum gradients over replicas only where there are several, under TensorFlow.

    Keras sums them also where there is one, and TensorFlow registers a gradient for that sum, for
    good, and with it keeps the whole graph of the training step: some 20 MB for each `fit` of a
    small network, which neither `del` nor `keras.utils.clear_session()` gives back.
    """
    if ensure_backend() != "tensorflow":
        return
    import tensorflow as tf

    def of_several(summed, optimizer, grads_and_vars):
        if tf.distribute.get_strategy().num_replicas_in_sync == 1:
            return list(grads_and_vars)
        return summed(optimizer, grads_and_vars)

    with ELSEWHERE:
        from keras.src.backend.tensorflow.optimizer import TFOptimizer

        _wrap(TFOptimizer, "_all_reduce_sum_gradients", of_several)


def _wrap(owner, name, around) -> None:
    """Call `around(method, self, ...)` in place of a method of Keras' own, which has no option."""
    method = getattr(owner, name)
    if hasattr(method, "__wrapped__"):
        return

    @wraps(method)
    def wrapped(self, *args):
        return around(method, self, *args)

    setattr(owner, name, wrapped)
