FROM python:3.12-slim AS api
WORKDIR /srv
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY api ./api
COPY scripts/*.sh ./scripts/
COPY .env.staging ./
CMD ["python", "-m", "api"]
