"""`make demo-platforms`: all platforms on this machine, for a collection without network, until Ctrl-C.

What the platforms hold is made up; the shapes, headers and quotas are the documented ones. The Hub's windows are ten
seconds instead of five minutes, so that a wait for quota can be watched.
"""

import threading
from contextlib import ExitStack, suppress

from tests.platforms.forges import Forge, GitHub
from tests.platforms.hub import Hub, Quota
from tests.platforms.listings import BAAI, ModelScope, OpenDataLab, SemanticScholar
from tests.platforms.server import App, Server

PLATFORMS: dict[str, App] = {
    "HF_ENDPOINT": Hub(
        models=300, owners=20, page=100, guests=3, api=Quota(200, 10), resolvers=Quota(2000, 10, "resolvers")
    ),
    "GITHUB_API_URL": GitHub(),
    "MODELSCOPE_ENDPOINT": ModelScope(models=120, datasets=30),
    "GITEE_API_URL": Forge(texts=True),
    "GITCODE_API_URL": Forge(),
    "OPENI_ENDPOINT": Forge(prefix="/api/v1"),
    "BAAI_API_URL": BAAI(),
    "OPENDATALAB_ENDPOINT": OpenDataLab(),
    "SEMANTIC_SCHOLAR_API_URL": SemanticScholar(),
}


def main() -> None:
    with ExitStack() as stack:
        print("In another terminal:\n")
        for n, (variable, app) in enumerate(PLATFORMS.items()):
            server = stack.enter_context(Server(app, 8601 + n))
            print(f"export {variable}={server.url}")
        print(
            "weighbridge collect huggingface --with all --run data/raw/demo\n"
            "weighbridge collect organisations --run data/raw/demo-organisations\n\nCtrl-C ends the platforms.",
            flush=True,
        )
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
