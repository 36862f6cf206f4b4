"""The Hub as its documentation has it: listings with expand and Link, totals, scans, READMEs, owners, quotas.

Models are made up from their number, so a listing of a hundred thousand takes no memory.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, get_args
from urllib.parse import urlencode

from huggingface_hub.hf_api import ExpandModelProperty_T

from tests.platforms.server import Answer, Request

EXPANDS = set(get_args(ExpandModelProperty_T))
README = """---
license: apache-2.0
datasets: [org-0/data]
base_model: org-0/base
---
# Model {n}

Code: https://github.com/org-{o}/model-{n}. Paper: https://arxiv.org/abs/2401.{n:05d}

## Usage

```python
from transformers import AutoModel
model = AutoModel.from_pretrained("org-{o}/model-{n}")
```

## Training data

Trained on a corpus of 100 billion tokens of web text.

## Training procedure

Trained with AdamW, a learning rate of 1e-4 and a batch size of 64.

## Evaluation

| benchmark | accuracy |
|---|---|
| MMLU | {n} |
"""


class Quota:
    """A fixed window: `calls` in `seconds`, told in headers as the Hub tells it."""

    def __init__(self, calls: int, seconds: float, name: str = "api") -> None:
        self.calls, self.seconds, self.name = calls, seconds, name
        self._lock, self._started, self._used = threading.Lock(), time.monotonic(), 0
        self.refused = self.served = 0
        self.windows: list[int] = []  # calls that were let through in each window that is over

    def take(self) -> tuple[bool, dict[str, str]]:
        with self._lock:
            past = time.monotonic() - self._started
            if past >= self.seconds:
                idle = int(past // self.seconds)
                self.windows += [min(self._used, self.calls)] + [0] * (idle - 1)
                self._started += idle * self.seconds
                self._used = 0
            self._used += 1
            free = self._used <= self.calls
            self.served += free
            self.refused += not free
            left = max(0, self.calls - self._used)
            resets = self._started + self.seconds - time.monotonic()
        return free, {
            "RateLimit": f'"{self.name}";r={left};t={max(0, -(-resets // 1)):.0f}',
            "RateLimit-Policy": f'"fixed window";"{self.name}";q={self.calls};w={self.seconds:.0f}',
        }


class Hub:
    """Everything that a collection of models asks for. `changes` overrides keys of single models.

    Owners are org-0, org-1, ...; any other owner has as many models as there are `guests`.
    """

    def __init__(
        self,
        models: int = 10,
        owners: int = 3,
        page: int = 1000,
        api: Quota | None = None,
        resolvers: Quota | None = None,
        changes: Mapping[str, Mapping[str, Any]] | None = None,
        guests: int = 0,
    ) -> None:
        self.models, self.owners, self.page, self.guests = models, owners, page, guests
        self.quotas = {"api": api, "resolvers": resolvers}
        self.changes = dict(changes or {})
        self.routes: list[tuple[str, Callable[..., Answer]]] = [
            (r"/api/(models|datasets|spaces)", self.listing),
            (r"/api/models/([^/]+/[^/]+)", self.info),
            (r"/api/models/([^/]+/[^/]+)/discussions", self.discussions),
            (
                r"/api/datasets/([^/]+/[^/]+)/discussions",
                lambda *_: Answer({"discussions": [], "count": 0, "start": 0}),
            ),
            (r"/api/models/([^/]+/[^/]+)/scan", self.scan),
            (r"/([^/]+/[^/]+)/resolve/main/README\.md", self.readme),
            (r"/api/organizations/([^/]+)/overview", self.organisation),
            (r"/api/users/([^/]+)/overview", self.user),
            (r"/api/papers/(.+)", self.paper),
        ]

    def __call__(self, request: Request) -> Answer:
        quota = self.quotas["resolvers" if "/resolve/" in request.path else "api"]
        free, headers = quota.take() if quota else (True, {})
        answer = self.route(request) if free else Answer({"error": "Too many requests"}, 429)
        return Answer(answer.body, answer.status, {**headers, **answer.headers})

    def route(self, request: Request) -> Answer:
        assert not re.search(r"config\.(json|yaml)|params\.json", request.path), "this would count as a download"
        for pattern, give in self.routes:
            if found := re.fullmatch(pattern, request.path):
                return give(request, *found.groups())
        return missing()

    def id(self, n: int) -> str:
        return f"org-{n % self.owners}/model-{n}"

    def number(self, model: str) -> int | None:
        found = re.fullmatch(r"(?:org-(\d+)|[^/]+)/model-(\d+)", model)
        n = int(found[2]) if found else -1
        if found and found[1] is None:
            return n if n < self.guests else None
        return n if found and 0 <= n < self.models and n % self.owners == int(found[1]) else None

    def row(self, n: int, guest: str = "") -> dict[str, Any]:
        full = {
            "_id": f"{n:024x}",
            "id": f"{guest}/model-{n}" if guest else self.id(n),
            "author": guest or f"org-{n % self.owners}",
            "sha": f"{n:040x}",
            "createdAt": "2024-01-02T03:04:05.000Z",
            "lastModified": "2026-03-02T03:04:05.000Z",
            "private": False,
            "disabled": False,
            "gated": ("auto", "manual", False)[n % 3],
            "downloads": 1000 * (self.models - n),
            "downloadsAllTime": 20_000 * (self.models - n),
            "likes": n,
            "trendingScore": 0,
            "tags": ["transformers", "safetensors", "license:apache-2.0", f"arxiv:2401.{n:05d}", "dataset:org-0/data"],
            "cardData": {
                "license": "apache-2.0",
                "datasets": ["org-0/data"],
                "base_model": "org-0/base",
                "metrics": ["f1"],
            },
            "pipeline_tag": "text-generation",
            "library_name": "transformers",
            "config": {"architectures": ["LlamaForCausalLM"], "model_type": "llama"},
            "safetensors": {"parameters": {"BF16": 7 * 10**9}, "total": 7 * 10**9},
            "siblings": [{"rfilename": f} for f in (".gitattributes", "README.md", "config.json", "model.safetensors")],
            "spaces": [f"user-{i}/space" for i in range(100 if n % 5 == 0 else n % 7)],
            "childrenModelCount": {"adapter": 1, "merge": 0, "quantized": 2, "finetune": n},
            "evalResults": [{"filename": "x.yaml", "error": "bad"}],
        }
        return full | dict(self.changes.get(str(full["id"]), {}))

    def shown(self, n: int, expand: list[str], guest: str = "") -> dict[str, Any]:
        plain = {"_id", "id"}
        wanted = plain | (set(expand) if expand else {"likes", "downloads", "private", "tags", "createdAt"})
        return {key: value for key, value in self.row(n, guest).items() if key in wanted}

    def listing(self, request: Request, kind: str) -> Answer:
        foreign = set(request.query.get("expand", [])) - EXPANDS
        if foreign and kind == "models":
            return Answer({"error": f"Invalid option: expected one of {sorted(EXPANDS)}"}, 400)
        if kind == "spaces":
            return self.pages(request, [{"id": f"user-{i}/space-{i}", "likes": 0} for i in range(123)])
        if kind == "datasets":
            name = f"{request.one('author', 'org-0')}/data"
            return self.pages(request, [{"id": name, "likes": 3, "downloads": 9, "tags": ["modality:text"]}])
        start, step = int(request.one("cursor", "0")), min(int(request.one("limit", "1000")), self.page)
        author = request.one("author")
        guest = author if self.guests and not author.startswith("org-") else ""
        numbers = [n for n in range(self.models) if author == f"org-{n % self.owners}"] if author else None
        numbers = list(range(self.guests)) if guest else numbers
        end = len(numbers) if numbers is not None else self.models
        upto = min(end, start + step)
        chosen = numbers[start:upto] if numbers is not None else list(range(start, upto))
        rows = [self.shown(n, request.query.get("expand", []), guest) for n in chosen]
        return Answer(rows, headers=self.link(request, upto) if upto < end else {})

    def pages(self, request: Request, rows: list[dict[str, Any]]) -> Answer:
        start, step = int(request.one("cursor", "0")), min(int(request.one("limit", "1000")), 100)
        more = start + step < len(rows)
        return Answer(rows[start : start + step], headers=self.link(request, start + step) if more else {})

    def link(self, request: Request, cursor: int) -> dict[str, str]:
        query = [(k, v) for k, vs in request.query.items() if k != "cursor" for v in vs] + [("cursor", str(cursor))]
        return {"Link": f'<http://{request.headers["host"]}{request.path}?{urlencode(query)}>; rel="next"'}

    def info(self, request: Request, model: str) -> Answer:
        n = self.number(model)
        if n is None:
            return (
                missing()
                if "authorization" in request.headers
                else Answer({"error": "Invalid username or password."}, 401)
            )
        guest = model.partition("/")[0] if self.guests and not model.startswith("org-") else ""
        if request.one("securityStatus"):
            return Answer(self.shown(n, [], guest) | {"securityRepoStatus": self.status(n)})
        return Answer(self.shown(n, request.query.get("expand", []), guest))

    def discussions(self, request: Request, model: str) -> Answer:
        n = self.number(model)
        if n is None:
            return missing()
        threads = [
            {
                "num": i,
                "title": f"Thread {i}",
                "status": ("open", "merged", "closed")[i % 3],
                "isPullRequest": i % 2 == 0,
            }
            | {"createdAt": "2026-10-01T00:00:00.000Z", "numComments": 1, "repo": {"name": model, "type": "model"}}
            for i in range(1, 8 * (n % 20) + 4)
        ]
        if request.one("type", "all") == "pull_request":
            threads = [t for t in threads if t["isPullRequest"]]
        start = 25 * int(request.one("p", "0"))
        return Answer({"discussions": threads[start : start + 25], "count": len(threads), "start": start})

    def scan(self, request: Request, model: str) -> Answer:
        n = self.number(model)
        return missing() if n is None else Answer(self.status(n))

    def status(self, n: int) -> dict[str, Any]:
        return {"scansDone": True, "filesWithIssues": [{"path": "x.pkl", "level": "unsafe"}] if n % 4 == 3 else []}

    def readme(self, request: Request, model: str) -> Answer:
        n = self.number(model)
        if n is None:
            return missing("EntryNotFound")
        text = README.format(n=n, o=n % self.owners).encode()
        return Answer(text, headers={"Content-Type": "text/plain; charset=utf-8", "ETag": '"x"', "X-Repo-Commit": "y"})

    def organisation(self, request: Request, owner: str) -> Answer:
        if not owner.startswith("org-"):
            return missing()
        return Answer({"name": owner, "fullname": owner, "isVerified": owner == "org-0", "numModels": 3, "numUsers": 2})

    def user(self, request: Request, owner: str) -> Answer:
        return Answer({"user": owner, "fullname": owner, "isPro": False, "numModels": 3, "type": "user"})

    def paper(self, request: Request, paper: str) -> Answer:
        return Answer(
            {"id": paper, "title": "A paper", "githubRepo": "https://github.com/org-0/code", "githubStars": 5}
        )


def missing(code: str = "RepoNotFound") -> Answer:
    return Answer({"error": "Not found"}, 404, {"X-Error-Code": code, "X-Error-Message": "Not found"})
