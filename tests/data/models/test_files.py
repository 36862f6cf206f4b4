"""The file list judged by name: each rule by hand, and the law that more unsafe files never look better."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.curated import tables
from data.models.facts import facts
from data.models.files import ARCHIVED, COMPRESSED, FileFacts, kind_of, read_files
from scoring.factors.security import UNSAFE_FILE_LEVELS, WEIGHT_FORMAT_LEVELS
from tests.records import AS_OF

UNKNOWN = 0.5  # what an unknown counts
LEVELS: dict[str | None, float] = dict(UNSAFE_FILE_LEVELS) | {None: UNKNOWN}
FORMATS: dict[Any, Any] = {**WEIGHT_FORMAT_LEVELS, None: UNKNOWN, "none": None}
LISTED = sorted(tables.formats())
ROOTS = st.sampled_from(["model", "a/b/weights", "metal/model", "openvino_model", "ggml-base", "unet/x.y", "CKPT/t_0"])
SUFFIXES = st.sampled_from([*LISTED, "pkl.gz", "pth.tar", "gguf.part1of2", "xyz", ""])
NAMES = st.builds(lambda root, suffix: f"{root}.{suffix}" if suffix else root, ROOTS, SUFFIXES)
BAD = NAMES.filter(lambda name: kind_of(name) in {"unsafe", "code"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("model-00001-of-00002.safetensors", "safe"),
        ("Q4_K_M/Tiny.Q4_K_M.GGUF", "safe"),
        ("flax_model.msgpack", "safe"),
        ("onnx/model_quantized.onnx", "safe"),
        ("onnx/model.onnx_data", "conditional"),
        ("onnx/model.onnx.data", "conditional"),
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
        ("ckpt-0/tensor00000_000", "unlisted"),
        ("x.mlpackage/Data/com.apple.CoreML/weights/weight.bin", "conditional"),
        ("openvino/openvino_model_qint8.bin", "conditional"),
        ("ggml-base.en.bin", "conditional"),
        ("llama-2-7b.ggmlv3.q4_0.bin", "conditional"),
        ("metal/model.bin", "conditional"),
        ("metal\\model.bin", "conditional"),
        ("metal/run.py", "code"),  # the exception is for raw weights, not for a folder's name
        ("metal/model.pkl", "unsafe"),
        ("nonmetal/model.bin", "unsafe"),
        ("my_openvino.bin", "unsafe"),
        ("training_args.bin", "training_args"),
        ("checkpoint-500/Training_Args.bin", "training_args"),
        ("model.safetensors.index.json", "other"),
        ("tokenizer.model", "other"),
        ("tokenizer.model.v3", "other"),
        ("word2vec.model", "conditional"),
        (".gitattributes", "other"),
        (".metadata", "unsafe"),  # the pickled index of a distributed checkpoint
        ("runs/events.out.tfevents.1700000000.host.12.0", "other"),
        # wrapping changes nothing
        ("model.pkl.lz4", "unsafe"),
        ("model.joblib.zst", "unsafe"),
        ("a.pt.7z", "unsafe"),
        ("a.pth.tar.gz.part-aa", "unsafe"),
        ("a.ckpt.tgz", "unsafe"),
        ("pytorch_model.bin.part2of3", "unsafe"),
        ("pytorch_model.bin-00001-of-00005", "unsafe"),
        ("model.pickle.bak", "unsafe"),
        ("model.dill.001", "unsafe"),
        ("model.gguf.part1of2", "safe"),
        ("model.safetensors-split-b", "safe"),
        ("model.gguf.xz", "safe"),
        ("model.safetensors.zip", "conditional"),  # an archive may hold anything beside what its name says
        ("modeling.py.gz", "code"),
        ("notes.txt.gz", "other"),
        ("weights.gz", "conditional"),
        # an extension that nobody listed is no proof of safety
        ("model.xyz", "unlisted"),
        ("weights.newformat", "unlisted"),
        ("payload", "unlisted"),
        ("README.md", "other"),
        ("LICENSE", "other"),
        ("MODEL_LICENSE", "other"),
        ("bin", "unlisted"),
        ("safetensors", "unlisted"),
        ("", "unlisted"),
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
        (["model.safetensors", "training_args.bin"], "all_safe", "none", 0),
        (["model.safetensors", "tf_model.h5"], None, None, 0),  # one file of which nobody can tell
        (["model.safetensors", "model.xyz"], None, None, 0),
        (["model.onnx", "model.onnx_data"], None, None, 0),
        (["model.safetensors", "modeling_x.py", "demo.ipynb"], "all_safe", "code_only", 2),
        (["model.safetensors", "pytorch_model.bin"], "mixed", "beside_safe", 1),
        (["model.gguf", "original/a.pth", "b.py"], "mixed", "beside_safe", 2),
        (["a.ckpt", "b.ckpt"], "unsafe_only", "unsafe_only", 2),
        (["a.ckpt", "tf_model.h5"], "unsafe_only", "unsafe_only", 1),
        (["tf_model.h5"], None, None, 0),
        (["tf_model.h5", "load.py"], None, None, 1),
        (["loader.py"], "none", "code_only", 1),
        (["training_args.bin"], "none", "none", 0),
    ],
)
def test_a_list_is_summed_up(names, formats, level, count):
    facts = read_files(names)
    assert (facts.weight_formats, facts.unsafe_level, facts.unsafe_count) == (formats, level, count)
    assert facts.total == len(names)


@pytest.mark.parametrize(
    ("names", "tags", "formats"),
    [
        (["model.bin", "vocabulary.json"], (), "all_safe"),  # CTranslate2
        (["en/model.bin", "en/shared_vocabulary.txt"], (), "all_safe"),
        (["en/model.bin", "vocabulary.json"], (), "unsafe_only"),  # not its neighbour
        (["params_shard_0.bin", "params_shard_1.bin", "tensor-cache.json"], (), "all_safe"),  # MLC
        (["FP16/x.bin", "FP16/x.xml"], (), "all_safe"),  # OpenVINO
        (["FP16/x.bin", "FP16/y.xml"], (), "unsafe_only"),
        (["net.bin", "net.param"], (), None),  # ncnn: its graph may hold layers of its own
        (["group1-shard1of2.bin", "group1-shard2of2.bin", "model.json"], (), "all_safe"),  # TensorFlow.js
        (["pose.onnx", "pose_data.bin"], (), None),  # external data of ONNX
        (["pose.onnx", "weights.bin"], (), "mixed"),
        (["model.bin"], ("fasttext",), None),  # only its owner's word
        (["stories.bin", "tokenizer.bin"], ("llama2.c",), None),
        (["model.bin"], (), "unsafe_only"),
        # a name that torch opens is a pickle, whatever stands beside it
        (["pytorch_model.bin", "pytorch_model.xml"], (), "unsafe_only"),
        (["adapter_model.bin", "adapter_model.xml"], ("fasttext",), "unsafe_only"),
        (["diffusion_pytorch_model.bin", "model.json"], ("ggml",), "unsafe_only"),
        (["model.pkl", "model.xml"], ("fasttext",), "unsafe_only"),
    ],
)
def test_what_one_name_cannot_tell_its_neighbours_may(names, tags, formats):
    assert read_files(names, frozenset(tags)).weight_formats == formats


@pytest.mark.parametrize(
    ("names", "owner", "formats"),
    [
        (["ggml-base.en.bin"], "ggerganov", "all_safe"),
        (["x.ggmlv3.q4_0.bin"], "ggml-org", "all_safe"),
        (["ggml-base.en.bin"], "quiet-reef", None),  # its name is only its owner's word
        (["metal/model.bin"], "openai", "all_safe"),
        (["metal/model.bin"], "quiet-reef", None),
        (["openvino_model.bin"], "", None),
        (["openvino_model.bin", "openvino_model.xml"], "", "all_safe"),
        (["openvino/openvino_model.bin", "openvino_model.xml"], "", None),  # not its neighbour
        (["openvino_model.bin.zip", "openvino_model.xml"], "", None),  # an archive may hold more
    ],
)
def test_raw_weights_need_more_than_a_name(names, owner, formats):
    assert read_files(names, owner=owner).weight_formats == formats
    assert read_files(names, frozenset({f"owner:{owner}"})).weight_formats == (None if owner else formats)


@pytest.mark.parametrize("extension", sorted(e for e, kind in tables.formats().items() if kind == "unsafe"))
def test_a_wrapped_pickle_is_a_pickle(extension):
    pieces = ("part1of2", "part-aa", "001", "aa", "bak")
    for end in (*sorted(COMPRESSED | ARCHIVED), *pieces):
        assert kind_of(f"a/x.{extension}.{end}") == "unsafe", end
    assert kind_of(f"x.{extension}-split-a") == kind_of(f"x.{extension}-00001-of-00002") == "unsafe"


def test_the_counts_are_kept_apart():
    names = ["a.safetensors", "b.gguf", "c.bin", "d.py", "e.h5", "f.h5", "training_args.bin", "README.md", "g.xyz"]
    counted = FileFacts(total=9, safe=2, unsafe_weights=1, code=1, conditional=2, unlisted=1, training_args=True)
    assert read_files(names) == counted


def test_what_is_no_name_is_skipped():
    assert read_files([None, 3, b"a.pkl", {"rfilename": "b.pkl"}, "  ", ["c.pkl"], "d.pkl"]).total == 1
    assert read_files(None) == FileFacts()  # type: ignore[arg-type]
    assert read_files("model.pkl").unsafe_weights == 1


@given(st.lists(NAMES), BAD)
@example(["metal/model.bin"], "model.bin")
@example([], "model.pkl")
def test_one_more_unsafe_or_code_file_never_looks_better(names, bad):
    before, after = read_files(names), read_files([*names, bad])
    assert LEVELS[after.unsafe_level] <= LEVELS[before.unsafe_level]
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
    assert facts.unsafe_level in LEVELS
    assert facts.weight_formats in FORMATS


@pytest.mark.parametrize("unit", ["/", ".", "ggml", ".ggml", "metal/", "ckpt/", "openvino", ".tar", "a/", " "])
def test_a_hostile_name_is_read_like_any_other(unit):
    assert read_files([unit * 50_000, f"{unit * 50_000}/x.bin"]).total >= 1


def test_a_list_of_many_bins_is_read_once():
    names = [f"{n % 7}/{n}.bin" for n in range(20_000)]
    assert read_files([*names, "3/3.xml", "4/model.json"]).safe == 1


# The record: its list of files, and what stands in for one


def of(record, *names):
    row = facts({"id": "somebody/model"} | record, AS_OF)
    return tuple(row[name] for name in names)


def listed(*names):
    return {"siblings": [{"rfilename": name} for name in names]}


@pytest.mark.parametrize(
    ("record", "formats", "level", "count", "at_least"),
    [
        (listed("model.safetensors", "config.json"), "all_safe", "none", 0, False),
        (listed("m-00001-of-00002.safetensors", "m.gguf"), "all_safe", "none", 0, False),
        (listed("model.safetensors", "pytorch_model.bin"), "mixed", "beside_safe", 1, False),
        (listed("pytorch_model.bin", "a/b.pt", "x.pkl"), "unsafe_only", "unsafe_only", 3, False),
        (listed("model.safetensors", "modeling.py", "demo.ipynb"), "all_safe", "code_only", 2, False),
        (listed("pytorch_model.bin", "model.safetensors", "go.sh"), "mixed", "beside_safe", 2, False),
        (listed("README.md", "config.json"), "no_weights", "none", 0, False),
        (listed(), "no_weights", "none", 0, False),
        (listed("handler.py"), "no_weights", "code_only", 1, False),
        (listed("model.safetensors", "training_args.bin"), "all_safe", "none", 0, False),
        (
            listed("a.safetensors", "openvino_model.bin", "openvino_model.xml", "ggml-base.bin")
            | {"id": "ggml-org/whisper"},
            "all_safe",
            "none",
            0,
            False,
        ),
        (listed("tf_model.h5"), None, None, None, None),  # may hold code, may not: nobody can tell by the name
        (listed("model.safetensors", "tf_model.h5"), None, None, None, None),
        (listed("model.safetensors", "model.xyz"), None, None, None, None),  # nobody listed it: no proof of safety
        (listed("tf_model.h5", "load.py"), None, None, 1, True),
        (listed("a.ckpt", "tf_model.h5"), "unsafe_only", "unsafe_only", 1, True),
        (listed("model.bin") | {"library_name": "fasttext"}, None, None, None, None),
        ({"siblings": ["model.safetensors", "PYTORCH_MODEL.BIN"]}, "mixed", "beside_safe", 1, False),
        (
            {"siblings": [{"rfilename": "m.safetensors", "size": 5, "lfs": {"sha256": "x"}}]},
            "all_safe",
            "none",
            0,
            False,
        ),
        # not the whole list: only what it proves
        (listed("model.safetensors") | {"_incomplete": ["siblings"]}, None, None, None, None),
        (listed("pytorch_model.bin") | {"_incomplete": ["siblings"]}, None, None, 1, True),
        (listed("model.safetensors", "x.pkl") | {"_incomplete": ["siblings"]}, "mixed", "beside_safe", 1, True),
        (listed("run.py") | {"_incomplete": ["siblings"], "tags": ["safetensors"]}, "safe_tag", None, 1, True),
        (listed("x.pt") | {"_incomplete": ["siblings"], "tags": ["safetensors"]}, "mixed", "beside_safe", 1, True),
        ({"siblings": [{"oops": 1}, {"rfilename": None}]}, None, None, None, None),
        ({"siblings": [{"rfilename": "model.safetensors"}, {}]}, None, None, None, None),
        # no list: only what a tag proves
        ({"tags": ["safetensors"]}, "safe_tag", None, None, None),
        ({"tags": ["gguf"]}, "safe_tag", None, None, None),
        ({"safetensors": {"total": 5}}, "safe_tag", None, None, None),
        ({"safetensors": None, "tags": []}, None, None, None, None),
        ({"safetensors": {"parameters": "?"}, "tags": []}, "safe_tag", None, None, None),
        ({"tags": ["pytorch"]}, None, "unsafe_only", 1, True),
        ({"tags": ["pytorch", "safetensors"]}, "safe_tag", "beside_safe", 1, True),
        ({"tags": ["pytorch"], "_incomplete": ["tags"]}, None, None, None, None),
        ({"tags": ["pytorch", "safetensors", "pytorch_model_hub_mixin"]}, "safe_tag", None, None, None),
        ({"tags": ["transformers"]}, None, None, None, None),
        ({"siblings": "model.safetensors"}, None, None, None, None),
        ({"siblings": {"rfilename": "model.safetensors"}}, None, None, None, None),
        ({}, None, None, None, None),
    ],
)
def test_files(record, formats, level, count, at_least):
    found = of(record, "weight_formats", "unsafe_level", "unsafe_files", "unsafe_files_at_least")
    assert found == (formats, level, count, at_least)


def test_training_args_is_shown_apart():
    assert of(listed("a/training_args.bin"), "training_args", "unsafe_files") == (True, 0)
    assert of(listed("a.bin"), "training_args", "unsafe_files") == (False, 1)
    assert of({"tags": []}, "training_args") == (None,)


# The Hub's scan


def scanned(*issues, done=True):
    return {"scansDone": done, "filesWithIssues": [{"path": path, "level": level} for path, level in issues]}


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (scanned(), "safe"),
        (scanned(done=False), None),
        (scanned(("a.pkl", "unsafe")), "unsafe"),
        (scanned(("a.pkl", "unsafe"), done=False), "unsafe"),  # a finding stands, whatever else is unscanned
        (scanned(("a.pkl", "suspicious")), "suspicious"),
        (scanned(("a.pkl", "caution")), "caution"),
        (scanned(("a.pkl", "caution"), ("b.pkl", "Unsafe"), ("c.pkl", "suspicious")), "unsafe"),
        (scanned(("a.pkl", "safe")), "safe"),
        *((scanned(("a.pkl", level)), None) for level in ("unscanned", "queued", "error", "", "?", None)),
        # a verdict counts for every file
        (scanned(("training_args.bin", "unsafe")), "unsafe"),
        (scanned(("checkpoint-5/training_args.bin", "suspicious")), "suspicious"),
        (scanned(("training_args.bin", "unsafe"), ("x.bin", "caution")), "unsafe"),
        (scanned(("training_args.bin", "unsafe"), done=False), "unsafe"),
        ({"scansDone": True}, None),
        ({"scansDone": True, "filesWithIssues": None}, None),
        ({"scansDone": "yes", "filesWithIssues": []}, None),
        ({"scansDone": True, "filesWithIssues": ["a.pkl"]}, None),
        ({}, None),
        (None, None),
        ("safe", None),
    ],
)
def test_only_a_finished_scan_without_findings_is_safe(status, verdict):
    assert of({"securityRepoStatus": status}, "hub_scan") == (verdict,)


def test_the_status_is_found_under_each_of_its_names():
    for key in ("securityRepoStatus", "securityStatus", "security_repo_status"):
        assert of({key: scanned(("x", "unsafe"))}, "hub_scan") == ("unsafe",)
