"""ModelScope, BAAI, OpenDataLab and Semantic Scholar as far as anybody has written down how they answer."""

import re
from typing import Any

from tests.platforms.server import Answer, Request


class ModelScope:
    """The OpenAPI: fifty rows a page, three thousand in reach, searching by the beginning of names."""

    def __init__(self, models: int = 7, datasets: int = 3, names: str = "model") -> None:
        self.counts, self.names = {"models": models, "datasets": datasets}, names
        self.grown = 0
        self.made: dict[tuple[str, str, int, int], list[dict[str, Any]]] = {}  # for hundreds of pages

    def __call__(self, request: Request) -> Answer:
        found = re.fullmatch(r"/openapi/v1/(models|datasets)(?:/([^/]+)/([^/]+))?", request.path)
        if not found:
            return Answer({"success": False, "message": "not found"}, 404)
        if found[2]:
            rows = [r for r in self.rows(found[1], found[2]) if r["id"] == f"{found[2]}/{found[3]}"]
            data = {"success": True, "request_id": "x", "data": rows[0]} if rows else {"success": False}
            return Answer(data, 200 if rows else 404)
        page, step = int(request.one("page_number", "1")), int(request.one("page_size", "10"))
        if step > 50 or page * step > 3000:
            return Answer(
                {"success": False, "code": "InvalidParameter", "message": "page_number * page_size <= 3000"}, 400
            )
        asked = found[1], request.one("owner"), self.counts[found[1]], self.grown
        rows = self.made[asked] = self.made.get(asked) or self.rows(*asked[:2])
        rows = [r for r in rows if r["id"].split("/")[1].startswith(request.one("search"))]
        shown = {found[1]: rows[(page - 1) * step : page * step], "total_count": len(rows)}
        return Answer({"success": True, "data": shown | {"page_number": page, "page_size": step}})

    def rows(self, kind: str, owner: str) -> list[dict[str, Any]]:
        return [
            {
                "id": f"{owner}/{chr(97 + n % 26)}{self.names}-{n}",
                "display_name": "x",
                "downloads": 1000 + n + self.grown,
            }
            | {"likes": n, "license": "apache-2.0", "tags": ["library:gguf"], "tasks": ["text-generation"]}
            | {
                "created_at": "2025-01-01T00:00:00Z",
                "last_modified": "2026-01-01T00:00:00Z",
                "file_size": 10,
                "gated": False,
            }
            for n in range(self.counts[kind])
        ]


class BAAI:
    """The one call that lists all data sets."""

    def __init__(self, datasets: int = 89) -> None:
        self.datasets = datasets

    def __call__(self, request: Request) -> Answer:
        if request.method != "POST" or request.path != "/api/datahub/search/v1/getAllDataset":
            return Answer({"code": 404}, 404)
        asked = request.json
        rows = [
            {
                "uriName": f"set-{n}",
                "datasetName": f"Set {n}",
                "downloadNumb": 10 * n,
                "subscribedNumb": n,
                "viewNumb": 5,
            }
            | {"createTime": "2025-01-01 00:00:00", "updateTime": "2026-01-01 00:00:00", "totalSizeByte": 7}
            | {"tags": ["text-generation"], "datasetId": str(n), "id": n, "organization": None}
            for n in range(self.datasets)
        ]
        shown = rows[asked["offset"] : asked["offset"] + asked["limit"]]
        return Answer({"code": 200, "data": {"total": len(rows), "list": shown}})


class OpenDataLab:
    """One data set by its id; a comma stands for the slash."""

    def __call__(self, request: Request) -> Answer:
        found = re.fullmatch(r"/datasets/api/v3/datasets/([^,/]+),([^,/]+)", request.path)
        if not found or found[2] == "nothing":
            return Answer({"code": 20001, "msg": "not found", "data": {"id": 0}})
        said = {"id": 5, "name": found[2], "downloadCount": 4321, "likeCount": 12, "viewCount": 99}
        attributes = {
            "fileBytes": 77,
            "publishDate": "2024-05-06",
            "license": ["CC BY 4.0"],
            "taskTypes": ["text-generation"],
        }
        return Answer({"code": 0, "data": said | {"attrs": attributes}})


class SemanticScholar:
    """The batch of papers; unknown ones are null in their place."""

    def __call__(self, request: Request) -> Answer:
        if request.path != "/graph/v1/paper/batch" or request.method != "POST" or len(request.json["ids"]) > 500:
            return Answer({"error": "bad"}, 400)
        papers = [paper.removeprefix("ARXIV:") for paper in request.json["ids"]]
        return Answer(
            [
                None
                if p.endswith("0000")
                else {"paperId": p, "citationCount": int(p[-3:]), "influentialCitationCount": 1}
                for p in papers
            ]
        )
