"""Security: what can go wrong when the files of a model are loaded."""

import narwhals as nw

from scoring.factors import level_of
from scoring.types import Category, Factor

WEIGHT_FORMAT_LEVELS = {"all_safe": 1.0, "safe_tag": 0.8, "mixed": 0.5, "unsafe_only": 0.0}
UNSAFE_FILE_LEVELS = {"none": 1.0, "code_only": 0.6, "beside_safe": 0.3, "unsafe_only": 0.0}
SCAN_LEVELS = {"safe": 1.0, "caution": 0.5, "suspicious": 0.2, "unsafe": 0.0}
NAME_RISK_LEVELS = {"none": 1.0, "low": 0.5, "high": 0.0}

SAFETENSORS = Factor(
    id="safetensors",
    label="Safe weight formats",
    question="Are its weights in formats that cannot run code?",
    why="safetensors and GGUF hold numbers only; pickles run code when they are loaded.",
    reads=("weight_formats",),
    measure=level_of("weight_formats", WEIGHT_FORMAT_LEVELS),
    curve="levels",
    weight=2,
    levels=WEIGHT_FORMAT_LEVELS,
    applies=nw.col("weight_formats") != "no_weights",
    remedy="Convert the weights to safetensors and remove the pickles.",
    seed="Use of safe tensors",
)

UNSAFE_FILES = Factor(
    id="unsafe_files",
    label="Unsafe files",
    question="How many of its files can run code?",
    why="Pickle, PyTorch and script files can run whatever their author put in.",
    reads=("unsafe_files", "unsafe_level"),
    measure=level_of("unsafe_level", UNSAFE_FILE_LEVELS),
    curve="levels",
    weight=2,
    unit="files",
    levels=UNSAFE_FILE_LEVELS,
    remedy="Remove pickles and scripts once a safetensors copy exists.",
    seed="Use of potentially unsafe files",
)

HUB_SCAN = Factor(
    id="hub_scan",
    label="Hub scan",
    question="What do the Hub's malware scanners say of its files?",
    why="Scanners find known attacks; a repository that was not scanned is not a safe one.",
    reads=("hub_scan",),
    measure=level_of("hub_scan", SCAN_LEVELS),
    curve="levels",
    weight=2,
    levels=SCAN_LEVELS,
    remedy="Remove the files that the Hub's scanners report.",
    seed="(+) Use of potentially unsafe files",
)

EXAMPLE_CODE = Factor(
    id="example_code",
    label="Example code",
    question="Does its card show in code how to use it?",
    why="Shown usage keeps users from unsafe guesses.",
    reads=("example_code",),
    measure=nw.col("example_code"),
    curve="yes_no",
    weight=1,
    remedy="Add a short code example to the model card.",
    seed="Example code availability",
)

REMOTE_CODE = Factor(
    id="remote_code",
    label="Remote code",
    question="Does loading it run Python code from its repository?",
    why="trust_remote_code=True hands the machine to the repository's owner.",
    reads=("remote_code",),
    measure=nw.col("remote_code"),
    curve="yes_no",
    better="lower",
    weight=1,
    remedy="Bring the architecture into the library so that no custom code is needed.",
    seed="(+) Use of potentially unsafe files",
)

TYPOSQUATTING = Factor(
    id="typosquatting",
    label="Name check",
    question="Does its name look like that of a well-known owner or model?",
    why="Impersonators choose names that are one slip of the finger away.",
    reads=("name_risk",),
    measure=level_of("name_risk", NAME_RISK_LEVELS),
    curve="levels",
    weight=1,
    levels=NAME_RISK_LEVELS,
    remedy="Choose names that cannot be mistaken for another's.",
    seed="Typosquatting risks",
)

ACCESS_CONTROL = Factor(
    id="access_control",
    label="Access control",
    question="Does its owner control who gets the files?",
    why="A gate lets an owner reach users when something is wrong.",
    reads=("gated",),
    measure=nw.col("gated"),
    curve="yes_no",
    weight=0.25,
    remedy="Gate the repository if misuse is a concern.",
    seed="Authorization requirements",
)

SECURITY = Category(
    id="security",
    label="Security",
    factors=(SAFETENSORS, UNSAFE_FILES, HUB_SCAN, EXAMPLE_CODE, REMOTE_CODE, TYPOSQUATTING, ACCESS_CONTROL),
    weight=30,
    colour="#CC79A7",
)
