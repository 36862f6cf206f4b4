"""Popularity: how widely a model is used and recognised."""

import narwhals as nw

from scoring.types import Category, Factor

DOWNLOADS = Factor(
    id="downloads",
    label="Downloads",
    question="How often was it downloaded in the last 30 days?",
    why="More downloads indicate widespread adoption.",
    reads=("downloads_30d",),
    measure=nw.col("downloads_30d"),
    curve="log",
    high=1e8,
    weight=2,
    unit="downloads",
    seed="Number of downloads",
)

LIKES = Factor(
    id="likes",
    label="Likes",
    question="How many people liked it on the Hub?",
    why="More likes suggest that its users are satisfied.",
    reads=("likes",),
    measure=nw.col("likes"),
    curve="log",
    high=15_000,
    weight=1.5,
    unit="likes",
    seed="Number of likes",
)

SPACES = Factor(
    id="spaces",
    label="Spaces",
    question="How many Spaces on the Hub use it?",
    why="Demos and applications built on a model show that it works for others.",
    reads=("spaces", "spaces_at_least"),
    measure=nw.col("spaces"),
    curve="log",
    high=100,
    weight=1,
    unit="Spaces",
    open_end=nw.when(nw.col("spaces_at_least")).then(nw.lit(1e6)).otherwise(nw.lit(None, dtype=nw.Float64)),
    seed="Number of spaces using the model",
)

PAPERS = Factor(
    id="papers",
    label="Papers",
    question="How many arXiv papers do its tags name?",
    why="A published paper lets others check how a model was made.",
    reads=("papers", "papers_at_least"),
    measure=nw.col("papers"),
    high=5,
    weight=0.5,
    unit="papers",
    open_end=nw.when(nw.col("papers_at_least")).then(nw.lit(1e6)).otherwise(nw.lit(None, dtype=nw.Float64)),
    seed="Published papers",
)

GITHUB_REPO = Factor(
    id="github_repo",
    label="GitHub repository",
    question="Does it link a GitHub repository of its own?",
    why="Open code shows how the model is built and where to report problems.",
    reads=("github_repo",),
    measure=nw.col("github_repo"),
    curve="yes_no",
    weight=0.5,
    remedy="Link the repository with the model's code in the model card.",
    seed="GitHub repository",
)

POPULARITY = Category(
    id="popularity",
    label="Popularity",
    factors=(DOWNLOADS, LIKES, SPACES, PAPERS, GITHUB_REPO),
    weight=30,
    colour="#0072B2",
)
