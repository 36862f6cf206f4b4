"""What the Markdown of a card shows and tells: one small text for each rule, every answer by hand."""

import time

import pytest

from data.platforms.hub.card import read_card


def told(text):
    return {topic for topic, is_told in read_card(text)["sections"].items() if is_told}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("```python\nimport tiny\n```", True),
        ("```py title='x'\nmodel.run()\n```", True),
        ("~~~bash\ntiny run\n~~~", True),
        ("1. Do\n   ```sh\n   tiny run\n   ```", True),
        ("```\npip install tiny\n```", True),
        ("```\n$ ollama run tiny\n```", True),
        ("```\nmodel = Tiny.load('x')\n```", True),
        ("```pip install tiny```", True),
        (">>> from tiny import Model", True),
        ("    import tiny\n    tiny.run()", True),
        ("<pre><code>docker run -it tiny\n</code></pre>", True),
        ("```js\nconst t = require('tiny')", True),  # never closed
        ("```bibtex\n@misc{a,\n title={b}}\n```", False),
        ("```bash\n@misc{a,\n title={b}}\n```", False),
        ("```\n@article{a, title={import x}}\n```", False),
        ('```json\n{"a": 1}\n```', False),
        ('```\n{\n "a": 1\n}\n```', False),
        ("```\nmodels/\n├── a.bin\n└── b.bin\n```", False),
        ("```\nBelow is an instruction. Write a response.\n### Response:\n```", False),
        ("```python\n# only a remark\n```", False),
        ("```\nPermission is hereby granted, free of charge\n```", False),
        ("    an indented line of prose, from here to there", False),
        ("Call `pip install tiny` or import it.", False),
        ("```\n```", False),
    ],
)
def test_example_code(text, shown):
    assert read_card(text)["example_code"] is shown


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        # Headings of every kind, and that something must stand under them.
        ("## Training procedure\nAdam, one epoch.", {"training"}),
        ("Training\n--------\nIt took a week.", {"training"}),
        ("<h2 align='center'>Training details</h2>\nSee the paper.", {"training"}),
        ("**Evaluation**\n\nSee the table in the paper.", {"evaluation"}),
        ("- **Training Data:** 12 books", {"datasets"}),
        ("- Training data: 12 books", {"datasets"}),
        ("### 3.2 [Benchmarks](#x)\n![chart](c.png)", {"evaluation"}),
        ("# Card\n## Details\n### Training\n#### Setup\nOne A100.", {"training"}),
        ("## 训练\n我们用了两天。", {"training"}),
        ("## 训练数据\n共十二本书。", {"datasets"}),
        ("## 评测结果\n见论文。", {"evaluation"}),
        ("## Training\n\n## Evaluation\n\n## Training data", set()),
        (
            "## Training data\n[More Information Needed]\n## Evaluation\n<!-- scores go here -->\n### Results\nTBD",
            set(),
        ),
        ("- **Training Data:** [More Information Needed]\n- **Hardware:** none", set()),
        # Both at once, and neither.
        ("## Training and evaluation data\nTwelve books.", {"datasets"}),
        ("## Training data and procedure\nTwelve books, one epoch.", {"training", "datasets"}),
        ("## Evaluation data\nHidden.", set()),
        ("# Better training of small models\nHello.", set()),  # the card's own title
        ("- **Training stage**: Pretraining & post-training", set()),
        ("- **Better training**: it answers more kindly than all the ones before", set()),
        ("## Fine-tuning\nYou can adapt the model with our script.", set()),
        ("## Fine-tuning\nThe model was fine-tuned by two people.", {"training"}),
        ("## How to train your own\nRun the script.", set()),
        ("## Training data format\nOne object a line.", set()),
        # Results of a language model, and the gallery of an image model.
        ("## Results\n![a cat](cat.png)", set()),
        ("## Performance\n![chart](chart.png)", {"evaluation"}),
        ("## Inference performance\n![chart](chart.png)", set()),
        ("## Results\nIt reaches 71.3 on MMLU.", {"evaluation"}),
        ("| Model | MMLU |\n|---|---|\n| tiny | 71.3 |", {"evaluation"}),
        ("| File | Size |\n|---|---|\n| a.gguf | 71.3 |", set()),
        ("![](figures/benchmark.png)", {"evaluation"}),
        ('```\n"exact": 79.9\n"f1": 82.9\n```', {"metrics", "evaluation"}),
        # Metrics by name.
        ("We report BLEU and chrF.", {"metrics"}),
        ("The accuracy is 91.3 on the test set.", {"metrics", "evaluation"}),
        ("It answers with great accuracy.", set()),
        ("## Metrics\nThe share of right answers.", {"metrics"}),
        ("## Testing Data, Factors & Metrics\n### Metrics\n[More Information Needed]", set()),
        ("Read https://example.org/perplexity/README.md", set()),
        # What a sentence says of training and data.
        ("It was trained with RLHF for 3 epochs.", {"training"}),
        ("The model was trained on 12,000 hours of read books.", {"datasets"}),
        ("The model was trained on a large dataset.", set()),
        ("You can train it with DPO on your own 12,000 images.", set()),
        ("The model was not trained with RLHF.", set()),
        ("If trained on 12 images with DPO, it fails.", set()),
        ("本模型在 12 万小时的语料上训练", {"datasets"}),
        ("We use [acme/corpus](https://huggingface.co/datasets/acme/corpus).", {"datasets"}),
        ("Test on https://huggingface.co/datasets/acme/testset", set()),
        # What a sentence says of the base model.
        ("A fine-tuned version of [Base](https://huggingface.co/acme/Base).", {"base_model"}),
        ("**Base model:** acme/base", {"base_model"}),
        ("- **Finetuned from model [optional]:** [More Information Needed]", set()),
        ("This repo holds GGUF files for [Base](https://huggingface.co/acme/base).", {"base_model"}),
        ("It is based on Llama 3.", {"base_model"}),
        ("It is based on the transformer architecture.", set()),
        ("It was built upon data from Llama 3.", set()),
        ("Developers may fine-tune Llama 3 for other languages.", set()),
        ("If you build on Llama 3, cite it.", set()),
        ("This model card is based on the card of Llama 3.", set()),
        # What is said of the licence.
        ("## License\nThe weights are released under the Apache License 2.0.", {"license"}),
        ("- **License:** MIT", {"license"}),
        ("License: MIT", {"license"}),
        ("The model is distributed under CC-BY-4.0.", {"license"}),
        ("| License | Apache 2.0 |", {"license"}),
        ("## 许可证\n本模型采用 MIT 许可。", {"license"}),
        ("- **License:** [More Information Needed]", set()),
        ("## License\n\n## Contact\nWrite to us.", set()),
        ("The dataset is released under CC-BY-4.0.", set()),
        ("It was fine-tuned on the imagefolder dataset.", {"training"}),
        ("It was fine-tuned on an unknown dataset.", {"training"}),
        ("It was trained on data: ./my/pictures/2024", set()),
    ],
)
def test_topics(text, topics):
    assert told(text) == topics


def test_a_card_that_a_trainer_wrote():
    text = """---
license: mit
model-index:
- name: out
  results: []
---
<!-- This model card has been generated automatically. -->
# out

This model is a fine-tuned version of [acme/base](https://huggingface.co/acme/base) on an unknown dataset.
It achieves the following results on the evaluation set:
- Loss: 0.4
- Accuracy: 0.91

## Model description

More information needed

## Training and evaluation data

More information needed

## Training procedure

### Training hyperparameters
- learning_rate: 2e-05
"""
    assert told(text) == {"training", "evaluation", "metrics", "base_model"}
    assert read_card(text)["metadata"]["results"] is False


def test_the_empty_template_tells_nothing():
    heads = ["Model Details", "Uses", "Training Details", "Evaluation", "Technical Specifications [optional]"]
    parts = ["### Training Data", "### Training Procedure", "### Testing Data, Factors & Metrics", "### Results"]
    text = "\n\n".join(f"{head}\n\n<!-- hint about data and results -->\n\n[More Information Needed]" for head in parts)
    assert told("\n\n".join(f"## {head}" for head in heads) + "\n\n" + text) == set()


BELOW_A_HEADING = [
    "## Base model\n\nQwen/Qwen2.5-7B",
    "## Base Model\n[Llama](https://huggingface.co/meta-llama/Llama-3.1-8B)",
    "### Base model:\n- https://huggingface.co/bcd/cde",
    "## Base Models\n\n* `mistralai/Mistral-7B-v0.1`\n* bcd/cde",
    "**Base model**\n\nmeta-llama/Llama-2-7b",
    "## 基座模型\n\nQwen2.5-7B",
    "## Parent Model\n\nWe used [x](https://hf.co/x/y).",
    "Base model\n----------\n\nhttps://huggingface.co/bcd/cde",
    "<h2>Base model</h2>\n\nbcd/cde-7B",
    "## Fine-tuned from\n\n[bcd/cde](https://huggingface.co/bcd/cde)",
    "## Modèle de base\n\nbcd/cde",
    "## BASE MODEL\n\n**bcd/cde**",
    "## Foundation model\nLlama-3.1-8B",
    "## 📌 Base Model\n\n> bcd/cde",
]
NO_NAME = [
    "## Base model\n\n[More Information Needed]",
    "## Base Model\n\n| Benchmark | x |\n|--|--|\n| MMLU | 77.1 |",
    "## Base model\n\nTBD",
    "## Base model\n\n./llama",
    "## Base model\n\n/home/me/llama",
    "## Base model\n\nN/A",
    "## Base Model Performance\n\nbcd/cde",
    "## Base model\n\n",
    "## Base model\n\nOur base model is trained on 15T tokens.",
    "## Base model\n\nC:\\models\\x",
    "## Base model\n\nunknown",
    "## Base model\n\n~/models/x",
]
TERMS = [
    "## Terms of use\n\nYou may use it for research.",
    "## Terms of Use\nMIT",
    "### Terms and Conditions\n\nSee LICENSE.",
    "## Usage License\n\nApache",
    "## Licencia\n\nMIT",
    "## Lizenz\n\nApache 2.0",
    "## 利用規約\n\nMIT",
    "## 使用条款\n\n仅供研究",
    "**Terms**\n\nFree for all.",
    "## License\n\nMIT",
    "## Model License\n\nfoo bar",
    "## Copyright & License\n\nMIT",
    "## Licença\n\nMIT",
    "## Legal terms\n\nx yz",
]
NO_TERMS = [
    "## Terms\n\n[More Information Needed]",
    "## Terms of use\n\nTBD",
    "## Terminology\n\nfoo",
    "## Licensed plates\n\nfoo",
    "## License\n\n",
    "## Terms of use\n\n",
]


@pytest.mark.parametrize(
    ("text", "topic", "found"),
    [
        *((text, "base_model", True) for text in BELOW_A_HEADING),
        *((text, "base_model", False) for text in NO_NAME),
        *((text, "license", True) for text in TERMS),
        *((text, "license", False) for text in NO_TERMS),
    ],
)
def test_a_heading_over_a_name_or_terms(text, topic, found):
    assert read_card(f"# Thing\n\nA model.\n\n{text}")["sections"][topic] is found


@pytest.mark.parametrize("unit", ["github.com/a/b ", "# a\n", "## training\n", "![](", "- abc: d\n", "<img "])
def test_a_long_card_costs_no_more_than_as_many_short_ones(unit):
    text = (unit * (200_000 // len(unit)))[:200_000]
    started = time.process_time()
    read_card(text)
    assert time.process_time() - started < 1.5  # a quadratic search took minutes at some of these
