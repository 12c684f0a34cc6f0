FROM python:3.12-slim
WORKDIR /srv
COPY worker.py ./
CMD ["python", "worker.py"]
