FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /srv
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY svc ./svc
COPY shared ./shared
CMD ["uvicorn", "svc.main:create_app", "--factory", "--host", "0.0.0.0", "--port", "8080"]
