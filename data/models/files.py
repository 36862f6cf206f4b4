"""What a repository's file list tells by name alone: which weights run code on load, which cannot.

Names only, nothing is opened: a pickle that calls itself model.safetensors is the Hub scan's business. The classes
follow the loaders: torch, joblib, NeMo, TorchServe and Paddle unpickle what they load; safetensors, GGUF, flax
msgpack and ONNX hold numbers only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["safe", "unsafe", "code", "conditional", "training_args", "other"]
WeightFormats = Literal["all_safe", "mixed", "unsafe_only", "none"]
UnsafeLevel = Literal["none", "code_only", "beside_safe", "unsafe_only"]

# The score of each level, 0 (worst) .. 1 (best); one more unsafe or code file never moves a repository up.
FORMAT_SCORES: Final[dict[WeightFormats, float]] = {"all_safe": 1.0, "mixed": 0.5, "unsafe_only": 0.0}
LEVEL_SCORES: Final[dict[UnsafeLevel, float]] = {"none": 1.0, "code_only": 0.6, "beside_safe": 0.3, "unsafe_only": 0.0}

SAFE: Final = frozenset({"safetensors", "gguf", "ggml", "msgpack", "onnx"})
# Unpickled by the usual loader. mar, nemo and pt2 are archives that hold such files; t7 may hold serialised functions.
UNSAFE: Final = frozenset(
    "pkl pickle pk p dill joblib cloudpickle sav pt pth bin ckpt th t7 mar nemo ptl pt2 torchscript distcp pdparams"
    " pdopt".split()
)
CODE: Final = frozenset(
    "py pyc pyo pyd pyw ipynb sh bash zsh bat cmd ps1 vbs exe com msi dll so dylib jar llamafile ape egg whl".split()
)
# Inert unless the file uses a particular feature (a Lambda layer, an object array) or holds something else.
CONDITIONAL: Final = frozenset(
    "h5 hdf5 keras pb tflite npy npz ot mlmodel zip 7z tar gz tgz bz2 xz rar zst skops rds pmml engine trt plan"
    " pdmodel pdiparams".split()
)
PACKED: Final = frozenset({"tar", "gz", "bz2", "xz", "z", "zst", "lzma"})

# .bin files that hold raw numbers: openvino_model.bin, ggml-base.bin and x.ggmlv3.q4_0.bin, metal/model.bin.
_INERT_BIN: Final = re.compile(r"^openvino|(?:^|[._-])ggml")
_METAL: Final = re.compile(r"(?:^|/)metal/")
# TensorFlow's three checkpoint files, and the nameless shards of JAX checkpoints (pickled or not: no name tells).
_CHECKPOINT: Final = re.compile(
    r"\.data-\d{5}-of-\d{5}$|\.ckpt(?:-\d{1,12})?\.(?:index|meta)$|(?:^|/)(?:ckpt|checkpoint)[^/]*/[^./]+$"
)
_BY_EXTENSION: Final[dict[str, Kind]] = {
    **dict.fromkeys(CONDITIONAL, "conditional"),
    **dict.fromkeys(CODE, "code"),
    **dict.fromkeys(UNSAFE, "unsafe"),
    **dict.fromkeys(SAFE, "safe"),
}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Counts of files by kind. `total` counts every name, also those that are none of the kinds."""

    total: int = 0
    safe: int = 0
    unsafe_weights: int = 0
    code: int = 0
    conditional: int = 0
    training_args: bool = False

    @property
    def unsafe_count(self) -> int:
        """Files that may run code when used as meant: pickle-based weights and code itself."""
        return self.unsafe_weights + self.code

    @property
    def weight_formats(self) -> WeightFormats | None:
        """The weights as a whole; 'none' without any, None if only conditional formats are there (nobody can tell)."""
        if self.unsafe_weights:
            return "mixed" if self.safe else "unsafe_only"
        if self.safe:
            return "all_safe"
        return None if self.conditional else "none"

    @property
    def unsafe_level(self) -> UnsafeLevel:
        """How bad the unsafe files are: nothing, code only, unsafe weights with or without safe ones beside them."""
        if self.unsafe_weights:
            return "beside_safe" if self.safe else "unsafe_only"
        return "code_only" if self.code else "none"


def read_files(names: Iterable[object]) -> FileFacts:
    """The facts of a file list. `names`: paths within the repository; what is not a string is skipped. Never raises."""
    kinds = [kind_of(name) for name in _strings(names)]
    return FileFacts(
        total=len(kinds),
        safe=kinds.count("safe"),
        unsafe_weights=kinds.count("unsafe"),
        code=kinds.count("code"),
        conditional=kinds.count("conditional"),
        training_args="training_args" in kinds,
    )


def kind_of(name: str) -> Kind:
    """The kind of one file by its path, without regard to case. Unknown extensions are 'other'."""
    path = name.strip().lower().replace("\\", "/")
    base = path.rpartition("/")[2]
    stem, dot, extension = base.rpartition(".")
    if base == "training_args.bin":
        return "training_args"
    if extension == "bin" and (_INERT_BIN.search(base) or _METAL.search(path)):
        return "safe"
    if _CHECKPOINT.search(path) or (extension == "bin" and ".mlpackage/" in path):
        return "conditional"
    if extension in PACKED and stem.rpartition(".")[2] in UNSAFE:
        return "unsafe"
    return _BY_EXTENSION.get(extension, "other") if dot else "other"


def _strings(names: object) -> Iterator[str]:
    if isinstance(names, str):
        names = (names,)
    if isinstance(names, Iterable):
        yield from (name for name in names if isinstance(name, str) and name.strip())
