"""Full environments of the four platforms, as their documentation says they look to a web service.

Each function takes the URL of the database that the platform would inject: a test can give a real one.
"""

from __future__ import annotations

HOSTS = {
    "render": "mathesar-x1ab.onrender.com",
    "railway": "mathesar-production-3f2a.up.railway.app",
    "digitalocean": "mathesar-k3v7q.ondigitalocean.app",
    "heroku": "mathesar-5d41402abc4b.herokuapp.com",
}
PROBER_HOSTS = {
    "render": HOSTS["render"],
    "railway": "healthcheck.railway.app",
    "digitalocean": "10.244.31.7:8080",
    "heroku": HOSTS["heroku"],
}
DATABASE_URLS = {
    "render": "postgresql://mathesar:Zq3vT8mXw2LkRb7n@dpg-d1abcdefghij0klmno-a/mathesar_x1ab",
    "railway": "postgresql://postgres:kVtXrPqLmNzWsYdA@postgres.railway.internal:5432/railway",
    "digitalocean": "postgresql://doadmin:AVNS_x7Qm2LkTr9Vb@private-db-k3v7q-do-user-1.b.db.ondigitalocean.com"
    ":25060/defaultdb?sslmode=require",
    "heroku": "postgres://u7c2q9:p4f1d8e6b3a0c5@c7itisjfjj8ril.cluster-czrs8kj4isg7.us-east-1.rds.amazonaws.com"
    ":5432/d9k2m4p6",
}


def render(database_url: str = DATABASE_URLS["render"], port: int = 10000) -> dict[str, str]:
    """A Render web service with a Blueprint's generated key (base64 of 32 bytes)."""
    return {
        "RENDER": "true",
        "RENDER_SERVICE_TYPE": "web",
        "RENDER_SERVICE_ID": "srv-d1abcdefghij0klmnop",
        "RENDER_SERVICE_NAME": "mathesar",
        "RENDER_INSTANCE_ID": "srv-d1abcdefghij0klmnop-7c9f",
        "RENDER_EXTERNAL_HOSTNAME": HOSTS["render"],
        "RENDER_EXTERNAL_URL": f"https://{HOSTS['render']}",
        "RENDER_DISCOVERY_SERVICE": "mathesar-x1ab-discovery",
        "RENDER_GIT_BRANCH": "main",
        "RENDER_CPU_COUNT": "1",
        "IS_PULL_REQUEST": "false",
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "SECRET_KEY": "B0jrA9nq2m0w3m6nVw9mC8h0uQh1zYk3sX7dP5tR4KE=",
    }


def railway(database_url: str = DATABASE_URLS["railway"], port: int = 8080) -> dict[str, str]:
    """A Railway service beside its PostgreSQL, with a key from ``${{secret(50)}}``."""
    return {
        "RAILWAY_PROJECT_ID": "5f2c1d7e-0b1a-4c3d-9e8f-7a6b5c4d3e2f",
        "RAILWAY_PROJECT_NAME": "mathesar",
        "RAILWAY_ENVIRONMENT_ID": "1e2d3c4b-5a69-4788-9a0b-c1d2e3f4a5b6",
        "RAILWAY_ENVIRONMENT_NAME": "production",
        "RAILWAY_SERVICE_ID": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
        "RAILWAY_SERVICE_NAME": "web",
        "RAILWAY_DEPLOYMENT_ID": "9f8e7d6c-5b4a-4392-8170-6f5e4d3c2b1a",
        "RAILWAY_REPLICA_ID": "b7d6c5e4-f3a2-4b1c-9d0e-8f7a6b5c4d3e",
        "RAILWAY_PRIVATE_DOMAIN": "web.railway.internal",
        "RAILWAY_PUBLIC_DOMAIN": HOSTS["railway"],
        "RAILWAY_DEPLOYMENT_DRAINING_SECONDS": "30",
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "SECRET_KEY": "pX7vQ2mLr9TnKw4ZbYc8HdJs3FgA5eUi6oRt1WqNzMxVyBkEhC",
    }


def digitalocean(database_url: str = DATABASE_URLS["digitalocean"], port: int = 8080) -> dict[str, str]:
    """An App Platform service: PORT, and what our spec binds; the platform generates no key."""
    return {
        "APP_PLATFORM": "digitalocean",
        "APP_DOMAIN": HOSTS["digitalocean"],
        "APP_URL": f"https://{HOSTS['digitalocean']}",
        "PORT": str(port),
        "DATABASE_URL": database_url,
    }


def heroku(database_url: str = DATABASE_URLS["heroku"], port: int = 41937) -> dict[str, str]:
    """A basic dyno with one attached database under both of its names, and a key of 64 hex digits."""
    return {
        "DYNO": "web.1",
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "HEROKU_POSTGRESQL_ROSE_URL": database_url,
        "SECRET_KEY": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }


ALL = {"render": render, "railway": railway, "digitalocean": digitalocean, "heroku": heroku}


def five_faults() -> dict[str, str]:
    """Render's environment with one fault in each of five variables."""
    return render() | {
        "DATABASE_URL": "${{Postgres.DATABASE_URL}}",
        "SECRET_KEY": "django-insecure-4f8s7d6f5g4h3j2k1l0q9w8e7r6t5y4u3i2o1p",
        "ALLOWED_HOSTS": "*",
        "PORT": "tcp://10.3.0.1:8000",
        "MATHESAR_DATABASES": "(Sales|postgresql://reader:Xk29dTqLmN@db.example.com/sales?passfile=/etc/pass)",
    }


FIVE_VARIABLES = {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PORT", "MATHESAR_DATABASES"}
