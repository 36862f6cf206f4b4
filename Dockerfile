# docker build -t weighbridge . && docker run -p 8501:8501 weighbridge; deploy/compose.yaml puts a proxy in front.
# On a Hugging Face Space (SDK: docker) set `app_port: 8501` in the Space's README, or the variable PORT=7860, and the
# variable STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=false: inside the Space's frame the browser withholds the cookie.
# Pin the base by digest where a registry can be asked, and Dependabot keeps it fresh from then on:
#   docker buildx imagetools inspect python:3.11-slim --format '{{.Manifest.Digest}}'
FROM python:3.11-slim

# Memory that large arrays leave goes back to the system at once.
ENV MALLOC_MMAP_THRESHOLD_=1000000 \
    ARROW_DEFAULT_MEMORY_POOL=system \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    HOME=/tmp \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    PORT=8501

WORKDIR /weighbridge

# Before the code, so that a change of code installs nothing again.
COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt

COPY . .
# The `weighbridge` command, without a second copy of the data.
RUN pip install --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .

# Spaces run the container as user 1000, who owns nothing here.
USER 1000

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/_stcore/health\", timeout=4)"]

# The shell reads PORT and exec hands the signals to Streamlit.
CMD ["sh", "-c", "exec python -m streamlit run serve.py --server.address 0.0.0.0 --server.port \"$PORT\" --server.headless true"]
