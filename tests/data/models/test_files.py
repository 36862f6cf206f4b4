"""The file list judged by name: each rule by hand, and the law that more unsafe files never look better."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.models.files import CODE, FORMAT_SCORES, LEVEL_SCORES, SAFE, UNSAFE, FileFacts, kind_of, read_files

FORMATS: dict[object, float | None] = {"none": None, None: None}
FORMATS.update(FORMAT_SCORES.items())
ROOTS = st.sampled_from(["model", "a/b/weights", "metal/model", "openvino_model", "ggml-base", "unet/x.y", "CKPT/t_0"])
SUFFIXES = st.sampled_from([*sorted(SAFE | UNSAFE | CODE), "h5", "zip", "json", "md", "pkl.gz", "pth.tar", ""])
NAMES = st.builds(lambda root, suffix: f"{root}.{suffix}" if suffix else root, ROOTS, SUFFIXES)
BAD = NAMES.filter(lambda name: kind_of(name) in {"unsafe", "code"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("model-00001-of-00002.safetensors", "safe"),
        ("Q4_K_M/Tiny.Q4_K_M.GGUF", "safe"),
        ("flax_model.msgpack", "safe"),
        ("onnx/model_quantized.onnx", "safe"),
        ("onnx/model.onnx_data", "other"),
        ("onnx/model.onnx.data", "other"),
        ("pytorch_model.bin", "unsafe"),
        ("PYTORCH_MODEL.BIN", "unsafe"),
        ("original/consolidated.00.pth", "unsafe"),
        ("checkpoint.pth.tar", "unsafe"),
        ("rng_state.pkl.gz", "unsafe"),
        ("forest.joblib", "unsafe"),
        ("asr.nemo", "unsafe"),
        ("server.mar", "unsafe"),
        ("model.pdparams", "unsafe"),
        ("cv/open_lua.t7", "unsafe"),
        ("modeling_custom.py", "code"),
        ("examples/Demo.ipynb", "code"),
        ("install.sh", "code"),
        ("run.llamafile", "code"),
        ("tf_model.h5", "conditional"),
        ("64.tflite", "conditional"),
        ("rust_model.ot", "conditional"),
        ("weights.zip", "conditional"),
        ("data.tar.gz", "conditional"),
        ("model.ckpt-1000.data-00000-of-00001", "conditional"),
        ("model.ckpt-1000.index", "conditional"),
        ("ckpt-0/tensor00000_000", "conditional"),
        ("x.mlpackage/Data/com.apple.CoreML/weights/weight.bin", "conditional"),
        ("openvino/openvino_model_qint8.bin", "safe"),
        ("ggml-base.en.bin", "safe"),
        ("llama-2-7b.ggmlv3.q4_0.bin", "safe"),
        ("metal/model.bin", "safe"),
        ("metal\\model.bin", "safe"),
        ("metal/run.py", "code"),  # the exception is for raw weights, not for a folder's name
        ("metal/model.pkl", "unsafe"),
        ("nonmetal/model.bin", "unsafe"),
        ("my_openvino.bin", "unsafe"),
        ("training_args.bin", "training_args"),
        ("checkpoint-500/Training_Args.bin", "training_args"),
        ("model.safetensors.index.json", "other"),
        ("tokenizer.model", "other"),
        ("README.md", "other"),
        ("LICENSE", "other"),
        ("bin", "other"),
        ("safetensors", "other"),
        ("", "other"),
    ],
)
def test_a_file_is_judged_by_its_name(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("names", "formats", "level", "count"),
    [
        ([], "none", "none", 0),
        (["README.md", "config.json"], "none", "none", 0),
        (["model.safetensors"], "all_safe", "none", 0),
        (["model.safetensors", "tf_model.h5", "training_args.bin"], "all_safe", "none", 0),
        (["model.safetensors", "modeling_x.py", "demo.ipynb"], "all_safe", "code_only", 2),
        (["model.safetensors", "pytorch_model.bin"], "mixed", "beside_safe", 1),
        (["metal/model.bin", "original/a.pth", "b.py"], "mixed", "beside_safe", 2),
        (["a.ckpt", "b.ckpt"], "unsafe_only", "unsafe_only", 2),
        (["a.ckpt", "tf_model.h5"], "unsafe_only", "unsafe_only", 1),
        (["tf_model.h5"], None, "none", 0),
        (["tf_model.h5", "load.py"], None, "code_only", 1),
        (["loader.py"], "none", "code_only", 1),
        (["training_args.bin"], "none", "none", 0),
    ],
)
def test_a_list_is_summed_up(names, formats, level, count):
    facts = read_files(names)
    assert (facts.weight_formats, facts.unsafe_level, facts.unsafe_count) == (formats, level, count)
    assert facts.total == len(names)


def test_the_counts_are_kept_apart():
    names = ["a.safetensors", "b.gguf", "c.bin", "d.py", "e.h5", "f.h5", "training_args.bin", "README.md"]
    assert read_files(names) == FileFacts(total=8, safe=2, unsafe_weights=1, code=1, conditional=2, training_args=True)


def test_what_is_no_name_is_skipped():
    assert read_files([None, 3, b"a.pkl", {"rfilename": "b.pkl"}, "  ", ["c.pkl"], "d.pkl"]).total == 1
    assert read_files(None) == FileFacts()  # type: ignore[arg-type]
    assert read_files("model.pkl").unsafe_weights == 1


@given(st.lists(NAMES), BAD)
@example(["metal/model.bin"], "model.bin")
@example([], "model.pkl")
def test_one_more_unsafe_or_code_file_never_looks_better(names, bad):
    before, after = read_files(names), read_files([*names, bad])
    assert LEVEL_SCORES[after.unsafe_level] <= LEVEL_SCORES[before.unsafe_level]
    was, now = FORMATS[before.weight_formats], FORMATS[after.weight_formats]
    assert was is None or (now is not None and now <= was)
    assert after.unsafe_count == before.unsafe_count + 1


@given(st.lists(NAMES), st.randoms(use_true_random=False))
def test_the_order_of_the_list_does_not_matter(names, random):
    shuffled = random.sample(names, len(names))
    assert read_files(shuffled) == read_files(names)


@given(st.lists(st.one_of(st.text(), st.integers(), st.none(), st.binary())))
def test_no_list_raises(names):
    facts = read_files(names)
    assert facts.unsafe_level in LEVEL_SCORES
    assert facts.weight_formats in FORMATS


@pytest.mark.parametrize("unit", ["/", ".", "ggml", ".ggml", "metal/", "ckpt/", "openvino", ".tar", "a/", " "])
def test_a_hostile_name_is_read_like_any_other(unit):
    assert read_files([unit * 50_000, f"{unit * 50_000}/x.bin"]).total >= 1
