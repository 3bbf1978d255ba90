"""Credentials by the formats their vendors document or issue. Each line is written from those, not from our rules.

`Kind.fields` are names such a value is kept under; the value must be found without them.
"""

from __future__ import annotations

import base64
import json
import random
import zlib
from collections.abc import Callable
from functools import partial

from attrs import frozen

from tests.bench.quality_draw import draw, uuid
from tests.bench.quality_sample import CLOSE, OPEN

STRUCTURAL, GENERATED, CHOSEN = "structural", "generated", "chosen"
"""Tiers of a secret: its form says what it is; a random value whose field says so; a word somebody thought of."""


@frozen
class Kind:
    """A kind of secret: how a value is made, and what fields it is kept in are called (snake case)."""

    name: str
    tier: str
    fields: tuple[str, ...]
    make: Callable[[random.Random], str]
    """May mark the part that is the secret, in an address for example; unmarked, the whole value is."""


def _of(name: str, fields: str, shape: str) -> Kind:
    return Kind(name, STRUCTURAL, tuple(fields.split()), partial(draw, shape=shape))


def _made(name: str, fields: str, make: Callable[[random.Random], str]) -> Kind:
    return Kind(name, STRUCTURAL, tuple(fields.split()), make)


def _crc(prefix: str, rng: random.Random) -> str:
    body = draw(rng, "<base62:30>")
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, rest = divmod(number, 62)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[rest] + digits
    return prefix + body + digits.rjust(6, "0")


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwt(rng: random.Random) -> str:
    """A signed JSON Web Token."""
    head = {"alg": rng.choice(("HS256", "RS256", "ES256")), "typ": "JWT"}
    body = {"sub": draw(rng, "<lower36:12>"), "iat": 1_700_000_000 + rng.randrange(10**7), "scope": "write"}
    sign = 342 if head["alg"] == "RS256" else 86 if head["alg"] == "ES256" else 43
    return f"{_url64(json.dumps(head).encode())}.{_url64(json.dumps(body).encode())}.{draw(rng, f'<url64:{sign}>')}"


def _discord(rng: random.Random) -> str:
    number = _url64(draw(rng, "1<digit:17>").encode())
    return f"{number}.{draw(rng, 'G<url64:5>.<url64:38>')}"


def _bedrock(rng: random.Random) -> str:
    owner = draw(rng, "BedrockAPIKey-<lower36:4>-at-<digit:12>:<base64:44>")
    return "ABSK" + base64.b64encode(owner.encode()).decode()


def _onepassword(rng: random.Random) -> str:
    account = {
        "signInAddress": "acme.1password.com",
        "userAuth": {
            "method": "SRPg-4096",
            "alg": "PBES2g-HS256",
            "iterations": 650000,
            "salt": draw(rng, "<url64:22>"),
        },
        "email": draw(rng, "<lower36:13>") + "@1passwordserviceaccounts.com",
        "srpX": draw(rng, "<hex:64>"),
        "muk": {
            "alg": "A256GCM",
            "ext": True,
            "k": draw(rng, "<url64:43>"),
            "key_ops": ["encrypt", "decrypt"],
            "kty": "oct",
        },
        "secretKey": draw(rng, "A3-<upper36:6>-<upper36:6>-<upper36:5>-<upper36:5>-<upper36:5>-<upper36:5>"),
        "deviceUuid": draw(rng, "<lower36:26>"),
    }
    return "ops_" + _url64(json.dumps(account).encode())


def _macaroon(prefix: str, location: bytes, rng: random.Random) -> str:
    return prefix + _url64(b"\x02\x01\x08" + location + b"\x02\x24" + uuid(rng).encode() + rng.randbytes(70))


def pem(label: str, rng: random.Random) -> str:
    """A PEM block of several lines, of DER-like bytes; its body is the secret."""
    body = base64.b64encode(b"0\x82\x02\x5c\x02\x01\x00" + rng.randbytes(rng.choice((330, 610)))).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return block(label, lines)


def block(label: str, lines: list[str]) -> str:
    """A PEM block (RFC 7468) around the lines of its body."""
    return f"-----BEGIN {label}-----\n{OPEN}" + "\n".join(lines) + f"{CLOSE}\n-----END {label}-----"


def _openssh(rng: random.Random) -> str:
    body = base64.b64encode(b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none" + rng.randbytes(300)).decode()
    lines = [body[at : at + 70] for at in range(0, len(body), 70)]
    return block("OPENSSH PRIVATE KEY", lines)


def _password(rng: random.Random) -> str:
    return draw(rng, "<base62:10-20>")


def _address(shape: str, rng: random.Random) -> str:
    """An address with `{}` for its password, which alone is the secret."""
    return draw(rng, shape).replace("{}", f"{OPEN}{_password(rng)}{CLOSE}")


TOKENS = (
    # clouds
    _of("aws-access-key-id", "aws_access_key_id access_key", "AKIA<base32:16>"),
    _of("aws-temporary-key-id", "aws_access_key_id", "ASIA<base32:16>"),
    _of("aws-session-token", "aws_session_token", "IQoJb3JpZ2luX2VjE<base64:420>=="),
    _made("aws-bedrock-key", "aws_bearer_token_bedrock", _bedrock),
    _of("azure-storage-key", "connection_string", f"DefaultEndpointsProtocol=https;AccountName=acmestore;AccountKey={OPEN}<base64:86>=={CLOSE};EndpointSuffix=core.windows.net"),
    _of("azure-service-bus", "connection_string", f"Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={OPEN}<base64:43>={CLOSE}"),
    _of("azure-client-secret", "client_secret", "<base62:3>8Q~<url64:31>.<base62:2>"),
    _of("azure-devops-pat", "azure_devops_pat", "<base62:76>AZDO<base62:4>"),
    _of("azure-sas", "sas_url", f"https://acme.blob.core.windows.net/data?sv=2024-11-04&ss=b&srt=o&sp=r&se=2027-01-01T00:00:00Z&sig={OPEN}<base62:43>%3D{CLOSE}"),
    _of("google-api-key", "google_api_key", "AIza<url64:35>"),
    _of("google-oauth-secret", "client_secret", "GOCSPX-<url64:28>"),
    _of("google-access-token", "access_token", "ya29.a0<url64:180>"),
    _of("google-refresh-token", "refresh_token", "1//0<url64:60>"),
    _of("alibaba-key-id", "access_key_id", "LTAI5t<base62:18>"),
    _of("tencent-secret-id", "secret_id", "AKID<base62:32>"),
    _of("yandex-api-key", "api_key", "AQVN<url64:36>"),
    _of("scaleway-key-id", "scw_access_key", "SCW<upper36:17>"),
    _of("digitalocean-pat", "do_token", "dop_v1_<hex:64>"),
    _of("digitalocean-oauth", "do_token", "doo_v1_<hex:64>"),
    _of("cloudflare-origin-ca", "cf_origin_ca_key", "v1.0-<hex:24>-<hex:146>"),
    _of("heroku-key", "heroku_api_key", "HRKU-AA<url64:58>"),
    _of("fly-token", "fly_api_token", f"FlyV1 {OPEN}fm2_<base64:180>={CLOSE}"),
    _of("netlify-token", "netlify_auth_token", "nfp_<base62:36>"),
    _of("upcloud", "upcloud_token", "ucat_<upper36:26>"),
    # code hosting, CI
    _made("github-pat", "github_token gh_token", partial(_crc, "ghp_")),
    _made("github-oauth", "oauth_token", partial(_crc, "gho_")),
    _made("github-app-user", "github_token", partial(_crc, "ghu_")),
    _made("github-app", "github_token", partial(_crc, "ghs_")),
    _of("github-refresh", "refresh_token", "ghr_<base62:76>"),
    _of("github-fine-grained", "github_token", "github_pat_11<upper36:20>_<base62:59>"),
    _of("gitlab-pat", "gitlab_token private_token", "glpat-<url64:20>"),
    _of("gitlab-deploy", "deploy_token", "gldt-<url64:20>"),
    _of("gitlab-runner", "runner_token", "glrt-<url64:20>"),
    _of("gitlab-trigger", "trigger_token", "glptt-<hex:40>"),
    _of("gitlab-feed", "feed_token", "glft-<url64:20>"),
    _of("gitlab-job", "ci_job_token", "glcbt-64_<url64:20>"),
    _of("gitlab-oauth", "client_secret", "gloas-<hex:64>"),
    _of("bitbucket-app-password", "bitbucket_app_password", "ATBB<base62:24><upperhex:8>"),
    _of("atlassian-token", "jira_api_token", "ATATT3xFfGF0<url64:170>=<upperhex:8>"),
    _of("buildkite", "buildkite_token", "bkua_<hex:40>"),
    _of("circleci", "circle_token", "CCIPAT_<base58:22>_<hex:40>"),
    _of("terraform-cloud", "tfe_token", "<base62:14>.atlasv1.<url64:67>"),
    _of("pulumi", "pulumi_access_token", "pul-<hex:40>"),
    _of("sonar", "sonar_token", "sqp_<hex:40>"),
    _of("sourcegraph", "src_access_token", "sgp_<hex:16>_<hex:40>"),
    _of("infracost", "infracost_api_key", "ico-<base62:32>"),
    _of("harness", "harness_token", "pat.<base62:22>.<hex:24>.<base62:20>"),
    _of("prefect", "prefect_api_key", "pnu_<lower36:36>"),
    # registries
    _made("npm", "npm_token", partial(_crc, "npm_")),
    _made("pypi", "pypi_token", partial(_macaroon, "pypi-", b"pypi." + b"org")),
    _of("rubygems", "gem_host_api_key", "rubygems_<hex:48>"),
    _of("crates", "cargo_registry_token", "cio<base62:32>"),
    _of("nuget", "nuget_api_key", "oy2<lower:20><lower36:23>"),
    _of("docker-hub", "docker_token", "dckr_pat_<url64:27>"),
    _of("artifactory", "artifactory_token", "AKCp8<base62:68>"),
    _of("clojars", "clojars_password", "CLOJARS_<hex:60>"),
    # AI
    _of("openai-project", "openai_api_key", "sk-proj-<url64:74>T3BlbkFJ<url64:74>"),
    _of("openai-service", "openai_api_key", "sk-svcacct-<url64:74>T3BlbkFJ<url64:74>"),
    _of("openai-admin", "openai_admin_key", "sk-admin-<url64:58>T3BlbkFJ<url64:58>"),
    _of("openai-legacy", "openai_api_key", "sk-<base62:20>T3BlbkFJ<base62:20>"),
    _of("anthropic", "anthropic_api_key", "sk-ant-api03-<url64:93>AA"),
    _of("anthropic-admin", "anthropic_admin_key", "sk-ant-admin01-<url64:93>AA"),
    _of("anthropic-oauth", "claude_code_oauth_token", "sk-ant-oat01-<url64:93>AA"),
    _of("huggingface", "hf_token", "hf_<alpha:34>"),
    _of("groq", "groq_api_key", "gsk_<base62:52>"),
    _of("xai", "xai_api_key", "xai-<base62:80>"),
    _of("perplexity", "pplx_api_key", "pplx-<base62:48>"),
    _of("replicate", "replicate_api_token", "r8_<base62:37>"),
    _of("openrouter", "openrouter_api_key", "sk-or-v1-<hex:64>"),
    _of("deepseek", "deepseek_api_key", "sk-<hex:32>"),
    _of("elevenlabs", "eleven_api_key", "sk_<hex:48>"),
    _of("pinecone", "pinecone_api_key", "pcsk_<base62:6>_<base62:63>"),
    _of("nvidia", "nvidia_api_key", "nvapi-<url64:64>"),
    _of("langsmith", "langsmith_api_key", "lsv2_pt_<hex:32>_<hex:10>"),
    _of("langfuse", "langfuse_secret_key", "sk-lf-<hex:8>-<hex:4>-4<hex:3>-a<hex:3>-<hex:12>"),
    _of("fireworks", "fireworks_api_key", "fw_<base62:24>"),
    _of("cerebras", "cerebras_api_key", "csk-<lower36:48>"),
    _of("tavily", "tavily_api_key", "tvly-prod-<base62:32>"),
    _of("voyage", "voyage_api_key", "pa-<url64:43>"),
    # payments
    _of("stripe-live", "stripe_secret_key", "sk_live_51<base62:97>"),
    _of("stripe-old", "stripe_api_key", "sk_live_<base62:24>"),
    _of("stripe-restricted", "stripe_api_key", "rk_live_<base62:24>"),
    _of("stripe-webhook", "stripe_webhook_secret", "whsec_<base62:32>"),
    _of("square", "square_access_token", "EAAAl<url64:59>"),
    _of("square-secret", "square_app_secret", "sq0csp-<url64:43>"),
    _of("shopify", "shopify_access_token", "shpat_<hex:32>"),
    _of("shopify-secret", "shopify_api_secret", "shpss_<hex:32>"),
    _of("razorpay", "razorpay_key_id", "rzp_live_<base62:14>"),
    _of("flutterwave", "flw_secret_key", "FLWSECK-<hex:32>-X"),
    _of("mollie", "mollie_api_key", "live_<base62:30>"),
    _of("easypost", "easypost_api_key", "EZAK<base62:54>"),
    _of("braintree", "braintree_access_token", "access_token$production$<lower36:16>$<hex:32>"),
    # messaging, mail
    _of("slack-bot", "slack_bot_token", "xoxb-2<digit:11>-3<digit:12>-<base62:24>"),
    _of("slack-user", "slack_token", "xoxp-2<digit:11>-3<digit:12>-4<digit:12>-<hex:32>"),
    _of("slack-app", "slack_app_token", "xapp-1-A0<upper36:9>-7<digit:12>-<hex:64>"),
    _of("slack-webhook", "slack_webhook_url", "https://hooks.slack.com/services/T0<upper36:9>/B0<upper36:9>/<base62:24>"),
    _made("discord-bot", "discord_token", _discord),
    _of("discord-webhook", "discord_webhook", "https://discord.com/api/webhooks/11<digit:17>/<url64:68>"),
    _of("telegram-bot", "telegram_bot_token", "7<digit:9>:AA<url64:33>"),
    _of("teams-webhook", "teams_webhook", "https://acme.webhook.office.com/webhookb2/<hex:8>-<hex:4>-4<hex:3>-a<hex:3>-<hex:12>@<hex:8>-<hex:4>-4<hex:3>-b<hex:3>-<hex:12>/IncomingWebhook/<hex:32>/<hex:8>-<hex:4>-4<hex:3>-9<hex:3>-<hex:12>"),
    _of("sendgrid", "sendgrid_api_key", "SG.<url64:22>.<url64:43>"),
    _of("mailgun", "mailgun_api_key", "key-<hex:32>"),
    _of("mailchimp", "mailchimp_api_key", "<hex:32>-us12"),
    _of("brevo", "brevo_api_key", "xkeysib-<hex:64>-<base62:16>"),
    _of("resend", "resend_api_key", "re_<base58:8>_<base58:24>"),
    _of("twilio-api-key", "twilio_api_key", "SK<hex:32>"),
    _of("hubspot", "hubspot_token", "pat-na1-<hex:8>-<hex:4>-4<hex:3>-9<hex:3>-<hex:12>"),
    # monitoring
    _of("newrelic-user", "new_relic_api_key", "NRAK-<upper36:27>"),
    _of("newrelic-license", "new_relic_license_key", "<hex:36>NRAL"),
    _of("grafana-service", "grafana_token", "glsa_<base62:32>_<hex:8>"),
    _of("sentry-user", "sentry_auth_token", "sntryu_<hex:64>"),
    _of("sentry-org", "sentry_auth_token", "sntrys_eyJpYXQiO<base64:130>=_<base64:43>"),
    _of("dynatrace", "dt_api_token", "dt0c01.<base32:24>.<base32:64>"),
    _of("honeycomb", "honeycomb_api_key", "hcaik_01<lower36:56>"),
    _of("posthog", "posthog_personal_api_key", "phx_<base62:43>"),
    # data, productivity
    _of("databricks", "databricks_token", "dapi<hex:32>"),
    _of("airtable", "airtable_token", "pat<base62:14>.<hex:64>"),
    _of("supabase", "supabase_access_token", "sbp_<hex:40>"),
    _of("supabase-secret", "supabase_secret_key", "sb_secret_<url64:22>_<base62:8>"),
    _of("planetscale", "planetscale_password", "pscale_pw_<url64:43>"),
    _of("neon", "neon_api_key", "napi_<lower36:64>"),
    _of("notion", "notion_token", "ntn_<digit:11><base62:35>"),
    _of("linear", "linear_api_key", "lin_api_<base62:40>"),
    _of("figma", "figma_token", "figd_<url64:40>"),
    _of("postman", "postman_api_key", "PMAK-<hex:24>-<hex:34>"),
    _of("typeform", "typeform_token", "tfp_<base62:44>_<base62:14>"),
    _of("contentful", "contentful_token", "CFPAT-<url64:43>"),
    _of("dropbox", "dropbox_token", "sl.<url64:135>"),
    _of("mapbox", "mapbox_secret_token", "sk.eyJ1Ijoi<url64:70>.<url64:22>"),
    _of("facebook", "fb_access_token", "EAAG<base62:170>"),
    _of("tailscale", "ts_authkey", "tskey-auth-<base62:12>CNTRL-<base62:32>"),
    _of("launchdarkly", "ld_sdk_key", "sdk-<hex:8>-<hex:4>-4<hex:3>-9<hex:3>-<hex:12>"),
    _of("adafruit", "adafruit_io_key", "aio_<base62:28>"),
    # secret managers, identity
    _of("vault-service", "vault_token", "hvs.CAESI<url64:86>"),
    _of("vault-batch", "vault_token", "hvb.AAAAAQ<url64:140>"),
    _of("doppler", "doppler_token", "dp.pt.<base62:43>"),
    _of("infisical", "infisical_token", "st.<hex:24>.<hex:32>.<hex:32>"),
    _made("onepassword-service", "op_service_account_token", _onepassword),
    _of("age", "age_key sops_age_key", "AGE-SECRET-KEY-1<upperbech:58>"),
    _of("okta", "okta_api_token", f"SSWS {OPEN}00<url64:40>{CLOSE}"),
    _made("jwt", "access_token id_token", jwt),
    # wallets
    _of("bitcoin-extended-key", "xprv", "xprv9s21ZrQH143K<base58:95>"),
)  # fmt: skip
"""Formats that say what they are. Those without a checksum are drawn from the alphabet and length the vendor issues."""

ADDRESSES = (
    _made("postgres-url", "database_url", partial(_address, "postgresql://app:{}@db-<lower:6>.internal:5432/pay")),
    _made("mysql-url", "database_url", partial(_address, "mysql://root:{}@10.4.<digit:2>.7:3306/shop?charset=utf8mb4")),
    _made("mongodb-srv", "mongo_uri", partial(_address, "mongodb+srv://svc:{}@cluster0.<lower36:5>.mongodb.net/?retryWrites=true")),
    _made("redis-url", "redis_url celery_broker_url", partial(_address, "redis://:{}@cache-<lower:5>.internal:6379/0")),
    _made("amqp-url", "broker_url", partial(_address, "amqps://worker:{}@mq.<lower:5>.internal/vhost")),
    _made("sqlalchemy-url", "sqlalchemy_database_uri", partial(_address, "postgresql+psycopg2://app:{}@db/pay")),
    _made("git-url", "repo_url", partial(_address, "https://deploy:{}@git.<lower:7>.com/pay/api.git")),
    _made("smtp-url", "email_url", partial(_address, "smtp://mailer:{}@mail.<lower:6>.net:587")),
    _made("ftp-url", "upload_url", partial(_address, "sftp://batch:{}@files.<lower:6>.net/in")),
    _made("sqlserver-string", "connection_string", partial(_address, "Server=tcp:sql-<lower:4>.internal,1433;Database=pay;User Id=app;Password={};Encrypt=True")),
    _made("odbc-string", "dsn", partial(_address, "Driver=ODBC Driver 18 for SQL Server;Server=sql01;UID=app;PWD={};")),
    _made("jdbc-url", "jdbc_url", partial(_address, "jdbc:postgresql://db-<lower:4>:5432/pay?user=app&password={}")),
    _made("go-mysql-dsn", "dsn", partial(_address, "app:{}@tcp(db-<lower:4>:3306)/pay?parseTime=true")),
    _made("libpq-string", "dsn", partial(_address, "host=db-<lower:4> port=5432 user=app password={} dbname=pay sslmode=require")),
)  # fmt: skip
"""Addresses and connection strings; only the password in them is the secret."""

BLOCKS = tuple(
    _made(name, "private_key ssl_key", make)
    for name, make in (
        ("rsa-key", partial(pem, "RSA PRIVATE KEY")),
        ("ec-key", partial(pem, "EC PRIVATE KEY")),
        ("pkcs8-key", partial(pem, "PRIVATE KEY")),
        ("encrypted-key", partial(pem, "ENCRYPTED PRIVATE KEY")),
        ("openssh-key", _openssh),
    )
)
"""Values of several lines."""
