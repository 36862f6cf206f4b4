"""The words by which a model card tells of its training, data, evaluation, metrics, intended use and base model.

English as cards write it, and the commonest Chinese, Japanese and Korean headings. Two kinds of pattern: those that
read a heading, and those that read one sentence. Every repeat is bounded, so that no text can make a search slow.
Chosen on a hundred real cards and measured on others; a new word needs a card that says it.
"""

from __future__ import annotations

import re
from typing import Final


def _any(*alternatives: str, case: bool = False) -> re.Pattern[str]:
    # The bar joins the lines of a list, also where a list stands within a group.
    return re.compile("|".join(alternatives), re.NOFLAG if case else re.IGNORECASE)


# Headings. A title is lower case, without markup, numbers and emoji at its ends.
TRAINING_TITLE: Final = _any(
    r"\b(?:(?:pre|post|mid)-?\s?)?train(?:ing)?\b|\btrained on\b|\bfine-?\s?tun\w{1,6}",
    r"(?:^|human |preference |safety )alignment\b",
    r"\brlhf\b|\b[sd]ft\b|\bdpo\b|\bgrpo\b|hyper-?parameters?|\bdistillation\b|\binstruction[- ]tuning",
    r"训练|微调|对齐|蒸馏|학습|学習",
)
# Fine-tuning as a heading is mostly advice to readers; with one of these words it tells what was done.
TUNING_TITLE: Final = _any(r"tun|微调")
DONE_TITLE: Final = _any(r"train|strateg|procedure|detail|method|训练")
PROCEDURE_TITLE: Final = _any(r"procedure|method|process\b|recipe|hyper")
ADVICE_TITLE: Final = _any(
    r"\b(?:how to|your|you|code|scripts?|tutorials?|examples?|guides?|support|run|execution|frameworks?)\b",
    r"\bfor training\b",
    r"\b(?:better|superior|improved|enhanced|stronger|more|human preference alignment)\b|^train |\bdownload|如何",
    r"\b(?:generation|inference|sampling|decoding) (?:hyper-?)?param|\bbased? model|\bdata (?:format|prepar)",
)
TRAINING_DATA_TITLE: Final = _any(
    r"(?:\b(?:pre|post|mid)-?\s?)?(?:train\w{0,4}|\bfine-?tun\w{1,6})\W{1,3}"
    r"(?:(?:and|&|or|testing|test|evaluation|validation|fine-?tuning)\W{1,3}){0,4}"
    r"(?:data\w{0,5}|corp\w{1,4}|sets?|evals?)\b(?! format| prepar)",
    r"训练(?:数据|语料|集)",
)
_ABOUT_DATA: Final = (
    r"(?: (?:used|summary|overview|sources?|composition|mix\w{0,5}|details|description|collection|curation|size"
    r"|statistics|mission statement|pipeline\b.{0,20}|(?:and|&) .{1,30}))?$"
)
DATA_TITLE: Final = _any(
    rf"^(?:(?:the|our|synthetic|source|raw) )?data{_ABOUT_DATA}",
    r"^(?:(?!more|eval|test|valid|bench|input|output|user|personal)\w{1,20} ){0,2}(?:datasets?|corpus|corpora)"
    rf"{_ABOUT_DATA}",
    r"数据集|语料|데이터|データ",
)
EVALUATION_TITLE: Final = _any(
    r"\beval(?:s|uations?)?\b|\bbenchmark\w{0,3}\b|\bleaderboards?\b|评估|评测|测评|基准|榜单|평가|評価"
)
RESULT_TITLE: Final = _any(
    r"\b(?:results?|performance|accuracy|scores?|metrics?|comparisons?|perplexity)\b|性能|效果|结果|結果|성능"
)
SPEED_TITLE: Final = _any(r"hardware|inference|speed|throughput|memory|latency|tips|optimi|need|better")
SPEED: Final = _any(r"\bgpus?\b|\brtx\b|\b[ah]100\b|\bvram\b|\bseconds\b|\blatency\b|\btokens/s|\bsteps\b")
METRIC_TITLE: Final = _any(r"\bmetrics?\b|指标")
DATA_WORD: Final = _any(r"\bdata|数据集")

# What stands where a name should, and is none.
_NOTHING: Final = r"(?i:none|null|n/?a|tb[adc]|to be|unknown|unspecified|not |no\b|more info|your[-_ ]|[a-z]:\\)"

LICENSE_TITLE: Final = _any(
    r"^\W{0,6}(?:(?:model|weights?|our|the|usage|legal|software) ){0,2}licen[cs](?:e|es|ing)\b",
    r"^copyright (?:and|&) licen[cs]e",
    r"^\W{0,6}(?:(?:model|usage|legal|our|the) )?terms(?: (?:of|for|and) (?:use|usage|service|conditions|access))?\b",
    r"^(?:lizenz|licencia|licen[cç]a|licence d['’]utilisation|nutzungsbedingungen|condiciones de uso)\b",
    r"许可|许可证|授权|使用条款|ライセンス|利用規約|라이선스|이용약관",
)
# A sentence that says under which terms the model stands; about data or code alone it says nothing of the model.
LICENSED: Final = _any(
    r"\b(?:licen[cs]ed|released|available|distributed|published|shared|provided|covered)\b.{0,60}?\bunder\b.{0,80}?"
    r"(?:\blicen[cs]e\b|\bmit\b|\bapache|\bcc[- ]by|\bgpl|\bopenrail)",
    rf"^\W{{0,9}}(?:licen[cs]e|lizenz|licencia)\W{{0,6}}[:\uff1a|]\W{{0,9}}(?!\W|{_NOTHING})\w",
    r"\b(?:governed by|subject to)\b.{0,80}?\blicen[cs]e\b",
    r"\b(?:mit|apache\S{0,6}|[al]?gpl\S{0,6}|cc-by\S{0,9})[- ]licen[cs]ed|许可证|许可协议",
)
NOT_LICENSED: Final = _any(r"\bdata ?sets?\b|\bcode\b|more information needed|\bcorpus\b")

INTENDED_TITLE: Final = _any(
    r"\b(?:intended|direct|downstream|primary|prohibited|recommended|responsible)\W{1,3}(?:\w{1,12} )?us(?:es?|age)\b",
    r"^(?:model )?uses?$|\bintended\b|\bout[- ]of[- ]scope\b|\buse[- ]cases?\b|\bmisuse\b",
    r"用途|应用场景|适用|使用目的|용도",
)
# A sentence that says what the model is, or is not, made to be used for.
INTENDED: Final = _any(
    r"\b(?:intended|meant|designed) (?:\w{1,14} ){0,2}(?:for|to)\b|\bintended (?:uses?|users?|purposes?)\b",
    r"\b(?:suitable|suited|well-suited) for\b|\bnot (?:\w{1,14} ){0,2}be used (?:for|to|in)\b|\bout[- ]of[- ]scope\b",
)

# What a section says that says nothing: the template's own words.
EMPTY: Final = _any(
    r"more info(?:rmation)?\s(?:is\s)?needed|\b(?:n/a|tbd|tba|todo|none|unknown)\b|coming soon",
    r"to be (?:added|released|updated|announced|determined|decided|confirmed)",
    r"not (?:specified|provided|available|disclosed)",
)

# Sentences about training and its data.
TRAINED: Final = _any(
    r"\b(?:(?:pre|post|re|fine|instruction)-?\s?)?(?:trained|tuned|finetuned|aligned)\b|\bundergo\w{0,3}\b",
    r"\bdistilled (?:from|using|with|by|the)\b|\bfurther training\b|\btuning (?:applied|on|with|using)\b",
    r"\btrain(?:ing)? (?:with|using|in|via|regime|stages?|process|pipeline|framework|paradigm|strategy|recipe|procedure"
    r"|objective|steps)\b|\b(?:pre|post)-train(?:ing)?\b|\bwe (?:then )?train\b",
    r"\bwe .{0,20}(?:appl|utili|perform|employ|adopt|conduct|use)\w{1,4} .{0,60}"
    r"(?:tuning|\bsft|\bdpo|rlhf|reinforcement|distillation|training)|训练|微调",
)
METHOD: Final = _any(
    r"\brlhf|reinforcement learning|\b(?:dpo|ppo|grpo|sft|rl|mlm|nsp|orpo|kto|simpo)\b|supervised|preference|objective",
    r"reward model|distilled (?:from|using|with|the)|knowledge distillation|contrastive|masked|curriculum|from scratch",
    r"(?:two|three|four|multi)-(?:phase|stage)|learning[- ]rate|\bepochs?\b|batch[- ]size|optimi[sz]er|\badam|强化学习",
    r"\d ?[x×]? ?\S{0,12} ?(?:[ahv][18]00|gpus|tpus?)\b|\bgpu[- ]hours|\btpus\b|\btechnique\b",
    r"\d\S{0,6} (?:\w{1,12} )?steps\b",
    r"(?:with|using|via) q?lora\b|dreambooth|deepspeed|megatron|further (?:pre-?)?train(?:ed|ing)|监督|人类反馈",
    r"full-parameter|continued (?:pre-?)?training|fine-?\s?tuned (?:on|with|using)",
)
# What was done to the model, as against what its reader may do with it.
DONE: Final = _any(
    r"\b(?:was|were|is|are|been|we|by|our)\b.{0,30}\b(?:fine-?tuned|trained|tuned|aligned|distilled|optimi[sz]ed)",
    r"(?<!can be )\bfine-?tuned (?:on|with|using|for|from)\b",
)
SETTING: Final = _any(r"\b(?:batch.?size|epochs?|learning.?rate|samples seen.{0,30}|hardware)\W{0,4}\w{0,20}\d")
ADVICE: Final = _any(
    r"\byou(?:rs?)?\b|\bcan be (?:further )?(?:fine|train|tuned)|\bplease\b|\bif\b|\bexample of\b",
    r"\bnot (?:been )?(?:\w{1,12}[ -])?(?:trained|tuned)",
)
TRAINED_ON: Final = _any(
    r"(?:train|tun)ed\b.{0,160}?\b(?:on|using|with|from|over)\b|\bfollowing .{0,30}\bdata|\btrain(?:ing|s)? on\b",
    r"\b(?:by|performing) .{0,30}\bfine-?\s?tuning\b.{0,80}?\b(?:on|using|with)\b",
    r"\btrain\w{0,4} data\w{0,4}\]\(|\bleverag\w{1,3} (?:the |our )\S{1,30} data",
    r"\btrain(?:ing)?[ -](?:data|datasets?|sets?|corpus|mix\w{0,4}|tokens)\b.{0,40}?\b(?:is|are|was|were|comes?"
    r"|consist\w{0,3}|contain\w{0,3}|includ\w{1,3}|compris\w{1,3}|collected|sourced)\b",
    r"训练(?:数据|语料|集)|(?:数据|语料).{0,20}训练",
)
SOURCE: Final = _any(
    r"\b(?:data|datasets?|corpus|corpora|hours|pairs|images|wikipedia|laion\S{0,9}|coco|imagenet\S{0,5}|common ?crawl",
    r"the pile|c4|collection|photographs|artworks?|conversations|videos|books|articles|dialogues",
    r"sentences|samples|examples|librispeech|squad\S{0,3}",
    r"mnli|sst-?2|languages|tweets|posts|screenshots|papers|documents|recordings|speech|clips)\b|huggingface\.co/datasets/|数据|语料",
)
# What makes a source more than "a large dataset": a name, a number, a link, a kind.
SPECIFIC: Final = _any(
    r"\]\(|https?://|\d|`|(?<=[a-z,(] )[A-Z][A-Za-z]|\b(?:includ\w{2,3}|such as|following|consist\w{2,3}",
    r"compris\w{2,3}|public\w{0,2}|web|synthetic|filtered|code|books|photographs|screenshots)\b|包括|来自|构建",
    case=True,
)
# Loaders that trainers name where the data set should stand.
LOADERS: Final = frozenset(
    "imagefolder videofolder audiofolder pdffolder meshfolder json jsonl csv tsv parquet arrow text txt pandas pickle"
    " generator webdataset xml sql spark lance hdf5 cache null list dict polars folder image_folder audio_folder"
    " video_folder json_dataset csv_dataset text_dataset image_dataset local_dataset custom_dataset custom_data"
    " private_dataset my_dataset".split()
)
_NO_NAME: Final = f"unknown|none|n/a|{'|'.join(sorted(LOADERS))}"
NO_SOURCE: Final = _any(
    rf"\b(?:{_NO_NAME})\W{{0,3}} data ?set|\bdata (?:format|type)",
    rf"\bdata ?(?:sets?)?\W{{1,4}}(?:(?:{_NO_NAME})\b(?![\w/-])|[./~]{{1,3}}\w|[a-z]:\\)",
)
DATA_LINK: Final = _any(r"huggingface\.co/datasets/[\w.-]{1,60}/[\w.-]{1,90}(?![\w./-])")
NOT_TRAINING: Final = _any(r"eval|bench|test|leaderboard|result")

# Sentences and tables about evaluation. METRIC counts wherever it stands, NEAR_METRIC only beside a number.
METRIC: Final = _any(
    r"(?<![^\W_])(?:(?i:s?bleu|sacrebleu|chrf\w{0,2}|rouge-\w{1,4}|ndcg(?:@\d{1,4})?|mrr(?:@\d{1,4})?|recall@\d{1,4}",
    r"precision@\d{1,4}|perplexity|psnr|ssim|lpips|miou|clip-?\s?scores?|win[- ]?rates?|top-?[15] accuracy",
    r"pass@\w{1,3}|auroc|spearman\w{0,3}|pearson\w{0,3}|error rate|f1(?:-score)?|edit distances?",
    r"(?:avg|maj|cons|mean)@\d{1,3}|bits per (?:byte|character))",
    r"ROUGE\w{0,3}|Rouge[L12]\w{0,3}|WER|CER|DER|FID|FVD|mAP|IoU|MOS)\b",
    r"准确率|正确率|困惑度|胜率",
    case=True,
)
NEAR_METRIC: Final = _any(
    r"\b(?:(?i:accuracy|precision (?:and|&)|precision\W{1,3}\d|recall|top-?[15]|auc|success rate|ppl|exact[- ]match",
    r"cosine similarity|(?:validation|eval(?:uation)?|test) loss)",
    r"METEOR|COMET|EM|AP\d\d|[Ee][Ll][Oo]|MSE|MAE|RMSE|[Aa]cc)\b",
    case=True,
)
BENCHMARK: Final = _any(
    r"\b(?:mmlu\S{0,8}|gsm-?8k|humaneval\S{0,6}|mbpp\S{0,6}|hellaswag|winogrande|arc[- ][ce]\w{0,10}|truthfulqa|bbh",
    r"drop|big-?bench\S{0,6}|gpqa\S{0,8}|aime\S{0,6}|math-?500|livecodebench\S{0,4}|swe-?bench\S{0,10}|ifeval|mt-?bench\S{0,5}",
    r"alpaca-?eval\S{0,5}|arena-?hard\S{0,5}|c-?eval|cmmlu|glue|superglue|squad\S{0,4}|mnli|sst-?2|imagenet\S{0,6}|coco",
    r"librispeech|common voice|fleurs|mteb|c-?mteb|beir|miracl|mmmu\S{0,6}|mmbench\S{0,6}|docvqa|textvqa|chartqa|vqav2",
    r"mathvista|ocrbench\S{0,5}|omnidocbench|vbench\S{0,5}|geneval|dpg\S{0,8}|flores\S{0,6}|wmt\d{0,4}|tatoeba|lambada|piqa",
    r"boolq|openbookqa|triviaqa|bfcl\S{0,4}|tau-?bench|ruler|longbench\S{0,4}|benchmarks?|leaderboards?)\b",
)
NUMBER: Final = _any(r"\d[.,]\d|\d\s?%|\b\d{2}\b")
URL: Final = _any(r"https?://[^\s)]{1,300}")
TABLE_SCORE: Final = _any(r"(?<![\d,.\w-])\d{1,3}\.\d|\d\s?%|(?<![\d,.\w-])\d{2}(?![\d,.\w-])")
FIGURE: Final = _any(r"!\[|<img\b")
RESULT_WORD: Final = _any(r"bench[^a-z]|benchmark|performance|evaluat|leaderboard")
TABLE_SETTING: Final = _any(r"\|\W{0,6}(?:optimizer|learning rate|lr scheduler|network alpha)\W{0,6}\|")
TABLE_DATA: Final = _any(r"\|\W{0,6}(?:pre-?)?training data")

# Sentences about the base model: made from whatever follows; made from it only if the name of a model follows.
_PROPER: Final = (  # a link, a name with a capital, a digit, or an owner in quotes
    rf"[^\w[*`]{{1,3}}(?!{_NOTHING})"
    r"(?:(?:the|The|our|a|an|original|[a-z]{2,12}-[a-z]{2,12})\s){0,3}(?:\[[^\]\n]{1,80}\]\("
    r"|[\[*`]{0,3}(?:[A-Z]|[\w-]{1,40}[/-][\w.-]{0,40}\d|https?:)|[*`]{1,3}[\w-]{1,40}/\w)"
)
_FEW_WORDS: Final = r"\W{1,3}(?:[\w.-]{1,20}[^\w.-]{1,3})"
MADE_FROM: Final = _any(
    r"\b(?i:fine-?\s?tuned?|quanti[sz]ed|distilled|pruned|abliterated|uncensored|merged?)"
    rf"{_FEW_WORDS}{{0,3}}?(?:of|from){_PROPER}",
    rf"\b(?i:gguf|gptq|awq|ggml|exl2|mlx|[48]-?bit|fp8|int[48]){_FEW_WORDS}{{0,4}}?"
    rf"(?:of|from|(?:files|quants?|versions?|weights) for){_PROPER}",
    r"\b(?i:following models were included in the merge)\b",
    case=True,
)
FROM_MODEL: Final = _any(
    r"\bbase[ds]? (?:(?:up)?on|off?)\b|\bbuil(?:d|ds|t|ding) (?:(?:up)?on|off|from)\b|\bon (?:the )?top of\b|基于",
    r"\btrained from|\binitiali[sz]ed (?:from|with)|\bderived from|\bconverted from|\bextension of\b",
    r"\bfine-?\s?tun\w{1,4} (?:of|from)|\bfine-?\s?tuned\b.{0,80}?\bfrom\b|\bby fine-?\s?tuning",
    r"\bdistilled (?:from|with)|\bfurther (?:pre-?)?train(?:ed|ing)|\bstart(?:s|ed|ing) from",
    r"\bmerg\w{1,3} (?:of|with|between)",
    r"\b(?:lora|adapter|controlnet|modules?|conversion)s?(?: weights)? (?:of|for|from)\b",
    r"\bcontinu\w{1,6} (?:pre-?)?train\w{1,4}|\bused? the pre-?trained|\bused for fine-?\s?tuning is",
    r"\bauf (?:der )?basis (?:von|des)\b|\bbasée? sur\b|\bbasad[oa] en\b",
)
# Between the relation and the model, these make it a loan, not a descent; a path names nobody's model.
LOAN: Final = _any(r"data|feedback|architecture|tokenizer|\bcode\b|\s[.~]{0,2}/")
_FAMILY: Final = (
    r"(?:code|meta-)?(?:llama|qwen|mi[sx]tral|gemma|phi-?\d|[a-z]{0,8}bert|roberta|xlm|gpt-?\w|t5|clip|siglip|vit|vicuna"
    r"|stable[- ]?diffusion|sdxl|sd ?\d|flux|falcon|deepseek|whisper|pythia|bloom|starcoder|deberta|internlm|internvl"
    r"|chatglm|glm-?\d|granite|olmo|smollm|minilm|mpnet|wan ?2|baichuan|yi-\d|cogvideo|hunyuan|wav2vec|waifu|neox"
    r"|opt-\d|mpt-\d)"
)
MODEL: Final = _any(
    r"(?:huggingface|hf)\.co/(?!datasets|spaces|papers|docs|blog|collections|posts)[\w-]{1,60}/[\w.-]{1,90}",
    rf"\b{_FAMILY}",
)
MODEL_NAME: Final = _any(r"(?:huggingface|hf)\.co/", _FAMILY)  # no sentence without it names a model by what follows
IS_MODEL: Final = _any(
    rf"\b(?:is|this|fine-?tuned) (?:(?:a|an|the|is|fine-?tuned) ){{0,3}}[\W_]{{0,3}}{_FAMILY}\S{{0,80}} .{{0,40}}?"
    r"\bmodel\W{1,3}(?:that |which |was |is |has |been |further ){0,4}(?:fine-?tuned|trained)",
    rf"\bis (?:an? |the )?.{{0,20}}\b{_FAMILY}.{{0,20}}\bfine-?\s?tuned?\b",
    rf"{_FAMILY}[\w./-]{{0,40}}\W{{0,3}}をベース",
    r"\btrained on (?:the )?\W{0,3}(?:stable[- ]diffusion|sdxl|sd ?\d|flux|llama|qwen|mistral)",
)
# A heading over the name of the base model, and a line that names one: a link to it, its id, or its family.
BASE_TITLE: Final = _any(
    r"^\W{0,6}(?:the )?(?:base|original|parent|source|teacher|foundation|backbone)[ _-](?:language |vision )?"
    r"model(?:s|\(s\))?(?: used)?$",
    r"^(?:fine-?\s?tuned|derived|adapted|quanti[sz]ed|merged|distilled|converted) from(?: model)?$",
    r"^model base$|^lineage$",
    r"^(?:基座模型|基础模型|ベースモデル|基盤モデル|기반 모델|베이스 모델|basismodell|modelo base|modèle de base)$",
)
NAMES_MODEL: Final = _any(
    r"^.{0,160}?(?:huggingface|hf)\.co/(?!datasets|spaces|papers|docs|blog|collections|posts)[\w-]{1,60}/[\w.-]{1,90}",
    r"^[\s>*+-]{0,9}\[[^\]\n]{1,90}\]\(\.{0,2}/(?!datasets|spaces)[\w-]{1,60}/[\w.-]{1,90}\)",
    r"^[\s>*_`'\"+-]{0,9}(?!(?:path|home|root|data|models?|outputs?|checkpoints?|n)/)[\w-]{1,60}/[\w.-]{1,90}[^\w/]{0,9}$",
    rf"^[\s>*_`'\"+-]{{0,9}}{_FAMILY}[\w. -]{{0,60}}[^\w/]{{0,9}}$",
)
BASE_LABEL: Final = _any(
    r"\]\([^)\s]{1,150}\) (?:fine-?tuned|quanti[sz]ed|distilled|merged) (?:version|model)",
    r"(?:\b(?:base|original|parent|source|teacher|foundation)[ _-](?:base[ _-]|language |vision )?model|\bbackbone"
    rf"|fine-?\s?tuned from(?: model)?|基座模型|基础模型|basismodell)"
    rf"\W{{0,6}}[:\uff1a|][\s*_\[`'\"(|]{{0,6}}(?!{_NOTHING})\w",
)
NOT_BASE: Final = _any(
    r"more info(?:rmation)? needed|\bunlike\b|\bwill (?:also )?(?:be|release|publish)\b|\bnever\b",
    r"(?:\bnot|n[’']t) (?:\w{1,12} ){0,2}(?:based|buil[dt]|fine|tuned|trained|derived|initiali[sz]ed|merged|distilled)",
    r"\b(?:data(?:sets?)?|traces|samples|responses|outputs|examples) (?:\w{1,12} ){0,2}distilled",
    r"model card|\bapplications?\b|\btutorial|\byour\b|\bif you\b|\bdeploy|\bcompar|\bbaseline|\boutperform",
)
