# docker build -t weighbridge . && docker run -p 8501:8501 weighbridge
# On a Hugging Face Space (SDK: docker) set `app_port: 8501` in the Space's README, or the variable PORT=7860, and the
# variable STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=false: inside the Space's frame the browser withholds the cookie.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PORT=8501

# Spaces run the container as user 1000.
RUN useradd --create-home --uid 1000 app
WORKDIR /home/app/weighbridge

# Before the code, so that a change of code installs nothing again.
COPY requirements.txt ./
RUN pip install --requirement requirements.txt

COPY --chown=app:app . .
# The `weighbridge` command, without a second copy of the data.
RUN pip install --no-deps --config-settings editable_mode=compat --editable .
USER app

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/_stcore/health\", timeout=4)"]

# The shell reads PORT and exec hands the signals to Streamlit.
CMD ["sh", "-c", "exec python -m streamlit run app.py --server.address 0.0.0.0 --server.port \"$PORT\" --server.headless true"]
