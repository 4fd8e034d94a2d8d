"""Weights on disk: one .npz of float16 arrays, read without pickle, known by a hash."""

import hashlib
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "weights"


class WeightsError(Exception):
    """The weights file is missing, damaged, or belongs to another network."""


def stem(network: str, called: str) -> str:
    """The file name, without its ending, of a network's weights in the package."""
    return network if called == "default" else f"{network}.{called}"


def packaged(network: str) -> list[str]:
    """The names of the weights that the package has for a network, "default" first."""
    others = sorted(
        path.stem.removeprefix(f"{network}.") for path in FOLDER.glob(f"{network}.*.npz")
    )
    return ["default", *others]


def save(model, path) -> str:
    """Write a model's variables as float16, atomically, and return their hash."""
    arrays = arrays_of(model)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez(part, **arrays)
    part.replace(path)
    return digest(arrays)


def arrays_of(model) -> dict[str, np.ndarray]:
    """A model's variables by path, float16, without the states of its random generators."""
    return {v.path: np.asarray(v, np.float16) for v in model.variables if not _is_seed(v)}


def read(path) -> dict[str, np.ndarray]:
    """Read the arrays of a weights file: variable path -> float16 array."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise WeightsError(f"no weights file at {path}: give the path of an .npz file") from None
    except Exception as error:  # zip, CRC and header errors: numpy has no common class for them
        raise WeightsError(
            f"{path} is not a readable weights file ({error}); expected an .npz as "
            "`tl-course pretrain` writes it: reinstall the package, or make the file again"
        ) from error


def assign(model, arrays: dict[str, np.ndarray], origin) -> None:
    """Put arrays into a model whose variables have the same paths and shapes."""
    variables = {v.path: v for v in model.variables if not _is_seed(v)}
    missing, unknown = sorted(variables.keys() - arrays), sorted(arrays.keys() - variables)
    if missing or unknown:
        raise WeightsError(
            f"{origin} belongs to another network than {model.name!r}: "
            f"it lacks {missing[:3] or 'nothing'} and has {unknown[:3] or 'nothing'} besides"
        )
    for name, variable in variables.items():
        if tuple(variable.shape) != arrays[name].shape:
            raise WeightsError(
                f"{origin}: {name} has shape {arrays[name].shape}, the network needs "
                f"{tuple(variable.shape)}"
            )
        variable.assign(arrays[name].astype(np.float32))


def digest(arrays: dict[str, np.ndarray]) -> str:
    """Twelve hex digits of the SHA-256 of names, shapes and values."""
    sha = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name], np.float16)
        sha.update(f"{name}{array.shape}".encode() + array.tobytes())
    return sha.hexdigest()[:12]


def _is_seed(variable) -> bool:
    return "seed" in variable.path
