"""Near misses: text that looks like a secret and is none. Whatever is reported in it is a false alarm."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

from tests.bench.quality_draw import draw, uuid
from tests.bench.quality_sample import Sample

Page = Callable[[random.Random], str]

_SENTENCES = (
    ("de", "password", "Bitte geben Sie Ihr Passwort ein"),
    ("fr", "password", "Mot de passe oublié ?"),
    ("es", "forgot_password", "¿Olvidaste tu contraseña?"),
    ("pt", "password_confirmation", "Confirme a senha"),
    ("it", "password", "Inserisci la password"),
    ("nl", "password", "Wachtwoord"),
    ("pl", "password", "Hasło"),
    ("sv", "password", "Lösenord"),
    ("fi", "password", "Salasana"),
    ("tr", "password", "Parola"),
    ("ja", "password", "パスワード"),
    ("en", "api_key", "Your API key was copied"),
    ("en", "secret", "Show secret"),
    ("en", "password", "Password"),
    ("en", "token", "Invalid token"),
    ("en", "passphrase", "Passphrase"),
)
_PLACEHOLDERS = (
    "your-api-key-here", "YOUR_API_KEY", "<your-token>", "changeme", "change-me-please", "xxxxxxxxxxxxxxxxxxxxxxxx", "****************",
    "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx", "AKIAXXXXXXXXXXXXXXXX", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "INSERT_TOKEN_HERE", "TODO",
    "REPLACE_ME", "dummy", "none", "null", "undefined", "...", "<redacted>", "[REDACTED]", "not-a-real-secret", "example-token", "fake-api-key",
    "my-secret-key", "placeholder", "s3cr3t-goes-here", "super-secret", "0000000000000000", "1234567890", "abcdefghijklmnopqrstuvwxyz",
)  # fmt: skip
_REFERENCES = (
    "${API_KEY}", "$API_KEY", "$(cat /run/secrets/key)", "{{ api_key }}", "{{ .Values.auth.apiKey }}", "${{ secrets.API_KEY }}", "%API_KEY%",
    "#{ENV['API_KEY']}", "@@API_KEY@@", "<%= ENV['API_KEY'] %>", "vault:secret/data/billing#api_key", "op://team/billing/api-key",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:billing-AbCdEf", "projects/acme/secrets/billing/versions/latest", "ssm:/billing/prod/api-key",
    "file:///run/secrets/api_key", "/run/secrets/api_key", "keyring://billing/api_key", "!Ref ApiKeyParameter", "ENC[AES256_GCM,data:kUbn3w==,iv:aa=,tag:bb=,type:str]",
    "secretKeyRef", "{api_key}", "%(api_key)s", "$ecrets.API_KEY", "ref+vault://secret/billing#/api_key", "((billing.api_key))", "env:API_KEY",
    "sops://billing.enc.yaml", "@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/api-key/)", "local.api_key", "var.api_key",
)  # fmt: skip
_CALLS = (
    ("python", 'api_key = os.environ["BILLING_API_KEY"]\n'),
    ("python", 'password = getpass.getpass("Password: ")\n'),
    ("python", "secret_key = settings.SECRET_KEY\n"),
    ("python", 'token = get_token(user, scope="read:billing")\n'),
    ("python", "client = Client(api_key=config.api_key, password=self._password)\n"),
    ("python", "password = forms.CharField(widget=forms.PasswordInput)\n"),
    ("python", 'access_token = response.json()["access_token"]\n'),
    ("python", "def login(user: str, password: str, token: Optional[str] = None) -> Session: ...\n"),
    ("python", 'parser.add_argument("--password", help="password of the account", default=None)\n'),
    ("python", "if password != confirm_password: raise ValueError('passwords differ')\n"),
    ("python", 'secret = secrets.token_urlsafe(32)\nkey = hashlib.sha256(secret.encode()).hexdigest()\n'),
    ("python", 'password_hasher = "django.contrib.auth.hashers.Argon2PasswordHasher"\n'),
    ("python", 'TOKEN_URL = "https://login.acme.io/oauth2/v2.0/token"\nAUTH_SCOPE = "https://www.googleapis.com/auth/cloud-platform"\n'),
    ("python", 'PASSWORD_FIELD = "id_password"\nTOKEN_HEADER = "X-Auth-Token"\nCSRF_COOKIE = "csrftoken"\n'),
    ("python", 'token_type = "Bearer"\ngrant_type = "client_credentials"\nauth_method = "client_secret_basic"\n'),
    ("python", 'sort_key = "created_at"\nprimary_key = "invoice_id"\nforeign_key = "accounts.id"\ncache_key = "invoice:list:v3"\n'),
    ("python", 'tokens = tokenizer.encode("hello world")\nnext_token = "NEXT_PAGE"\npad_token = "<pad>"\neos_token = "</s>"\n'),
    ("python", 'error_messages = {"password"' ': "This password is too common.", "token": "Token has expired or is invalid."}\n'),
    ("python", 'secret_name = "billing-api-key-prod"\nkey_vault = "kv-acme-prod-weu"\npassword_policy = "PasswordPolicyStrict2024"\n'),
    ("python", 'key_id = "alias/billing-prod"\nkms_key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"\n'),
    ("typescript", "const apiKey = process.env.BILLING_API_KEY!;\nconst secret = config.get<string>('secret');\n"),
    ("typescript", "interface Login { username: string; password: string; token?: string }\n"),
    ("typescript", "type Props = { apiKey: ApiKeyConfiguration; secretKey: SecretKeyProvider };\n"),
    ("typescript", "const password = useRef<HTMLInputElement>(null);\nconst token = await getAccessTokenSilently();\n"),
    ("typescript", '<Input type="password" name="password" placeholder="Password" autoComplete="current-password" />\n'),
    ("typescript", "export const PASSWORD_RESET = '/auth/password/reset';\nexport const TOKEN_REFRESH = 'auth/refreshToken';\n"),
    ("typescript", "const tokenKey = 'billing.auth.token';\nlocalStorage.setItem(tokenKey, token);\n"),
    ("typescript", "{ password: ['', [Validators.required, Validators.minLength(8)]], apiKey: [''] }\n"),
    ("typescript", "t('auth.password.label'), t(\"settings.apiKey.description\")\n"),
    ("go", 'password := os.Getenv("DB_PASSWORD")\nfmt.Println("password:", len(password))\n'),
    ("go", 'type Config struct {\n\tAPIKey string `json:"api_key" env:"BILLING_API_KEY"`\n\tPassword string `yaml:"password,omitempty"`\n}\n'),
    ("go", 'var ErrInvalidToken = errors.New("invalid token")\nconst tokenHeader = "X-Access-Token"\n'),
    ("java", 'private final String passwordParameter = "spring.security.user.password";\nString token = request.getHeader("Authorization");\n'),
    ("java", '@Value("${billing.api.key}")\nprivate String apiKey;\nchar[] password = console.readPassword("Password: ");\n'),
    ("csharp", 'var apiKey = configuration["Billing:ApiKey"];\nvar secret = await client.GetSecretAsync("billing-api-key");\n'),
    ("rust", 'let token = std::env::var("BILLING_TOKEN").expect("BILLING_TOKEN must be set");\n'),
    ("ruby", "api_key = Rails.application.credentials.billing[:api_key]\nvalidates :password, presence: true, length: { minimum: 8 }\n"),
    ("php", "'password' => ['required', 'string', 'min:8', 'confirmed'],\n'token' => env('BILLING_TOKEN'),\n"),
    ("php", "$password = $_POST['password'];\n$token = csrf_token();\n$secret = config('services.billing.secret');\n"),
    ("kotlin", 'val password: String = System.getenv("DB_PASSWORD") ?: error("DB_PASSWORD is not set")\n'),
    ("shell", 'read -rsp "Password: " PASSWORD\ncurl -H "Authorization: Bearer $TOKEN" -u "$USER:$PASSWORD" https://billing.acme.io\n'),
    ("shell", "PASSWORD=$(openssl rand -base64 32)\nTOKEN=`vault read -field=token auth/billing`\nKEY_FILE=~/.ssh/id_ed25519\n"),
    ("shell", "# usage: deploy.sh --token TOKEN --password PASSWORD [--api-key KEY]\n"),
    ("shell", "export SSH_KEY=/home/deploy/.ssh/id_rsa GPG_KEY_FILE=keys/release.asc TOKEN_FILE=/var/run/token\n"),
    ("sql", "ALTER TABLE accounts ADD COLUMN password VARCHAR(255) NOT NULL, ADD COLUMN api_token TEXT;\nSELECT password FROM accounts WHERE token = $1;\n"),
    ("sql", "CREATE USER app WITH PASSWORD" " :'app_password';\nGRANT SELECT ON secret_keys TO app;\n"),
    ("markdown", "| Option | Default | Description |\n|---|---|---|\n| `password` | `none` | Password of the account |\n| `api_key` | required | Key from the dashboard |\n"),
    ("markdown", "Set `API_KEY` to the key you were given, and `password=<your password>` in the file. The token: see below.\n"),
    ("markdown", "The password must have at least 12 characters. Password rotation: every 90 days. Secret scanning: enabled.\n"),
)  # fmt: skip
_EXTENSION = {
    "python": "py", "typescript": "tsx", "go": "go", "java": "java", "csharp": "cs", "rust": "rs", "ruby": "rb", "php": "php", "kotlin": "kt",
    "shell": "sh", "sql": "sql", "markdown": "md",
}  # fmt: skip


def _shape(shape: str) -> Page:
    return lambda rng: draw(rng, shape)


def _uuids(rng: random.Random) -> str:
    return (
        f'{{"id": "{uuid(rng)}", "request_id": "{uuid(rng)}", "correlationId": "{uuid(rng)}", "key": "{uuid(rng)}"}}\n'
    )


def _svg(rng: random.Random) -> str:
    points = " ".join(f"{rng.uniform(0, 24):.3f} {rng.uniform(0, 24):.3f}" for _ in range(60))
    return f'<svg viewBox="0 0 24 24"><path d="M{points}z" fill="#{draw(rng, "<hex:6>")}"/></svg>\n'


def _image(rng: random.Random) -> str:
    return f"![logo](data:image/png;base64,iVBORw0KGgo{base64.b64encode(rng.randbytes(900)).decode()})\n"


def _css_font(rng: random.Random) -> str:
    return f'@font-face{{font-family:"Acme";src:url(data:font/woff2;base64,d09GMgABAAA{base64.b64encode(rng.randbytes(600)).decode()}) format("woff2")}}\n'


def _ssh_public(rng: random.Random) -> str:
    return f"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB{base64.b64encode(rng.randbytes(240)).decode()} deploy@build\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{draw(rng, '<base64:43>')} ops\n"


def _certificate(rng: random.Random) -> str:
    body = base64.b64encode(b"0\x82" + rng.randbytes(500)).decode()
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    kind = rng.choice(("CERTIFICATE", "PUBLIC KEY", "CERTIFICATE REQUEST", "PGP PUBLIC KEY BLOCK", "RSA PUBLIC KEY"))
    return f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n"


def _minified(rng: random.Random) -> str:
    parts = (
        draw(
            rng,
            f'function <lower:1>(<lower:1>,<lower:1>){{return <lower:1>.<lower:2>(<lower:1>[{rng.randrange(99)}]||"<lower:6>")}}',
        )
        for _ in range(40)
    )
    return "!function(e){" + ";".join(parts) + ";e.token=n.key,e.password=void 0,e.secret=!0}(window);\n"


def _embedding(rng: random.Random) -> str:
    return "VECTOR = [" + ", ".join(f"{rng.gauss(0, 1):.16f}" for _ in range(40)) + "]\n"


def _vocabulary(rng: random.Random) -> str:
    return (
        "{"
        + ", ".join(f'"{draw(rng, "<lower:3-9>")}": {rng.randrange(50_000)}' for _ in range(50))
        + ', "token": 17, "password": 4821}\n'
    )


def _jwt_header(rng: random.Random) -> str:
    return draw(
        rng,
        'HEADER = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"\nTOKEN = f"{header}.{payload}.{signature}"\nkid = "<base62:12>"\n',
    )


_GENERATED: tuple[tuple[str, str, Page], ...] = (
    ("uuids", "data/events.json", _uuids),
    ("uuid constants", "src/ids.py", lambda rng: f'TENANT_ID = "{uuid(rng)}"\nCLIENT_ID = "{uuid(rng)}"\nSUBSCRIPTION = "{uuid(rng)}"\n'),
    ("commit ids", "CHANGELOG.md", _shape("- fix rounding (<hex:40>)\n- merge <hex:7> into main, see <hex:12>\n")),
    ("commit in code", "src/version.py", _shape('COMMIT = "<hex:40>"\nBUILD = "<hex:8>"\nrevision = "<hex:40>"\n')),
    ("sha256 sums", "dist/SHA256SUMS", _shape("<hex:64>  billing-1.4.0.tar.gz\n<hex:64>  billing-1.4.0-py3-none-any.whl\n")),
    ("requirement hashes", "requirements.txt", _shape("attrs==26.1.0 \\\n    --hash=sha256:<hex:64> \\\n    --hash=sha256:<hex:64>\n")),
    ("integrity", "public/index.html", _shape('<script src="https://cdn.acme.io/a.js" integrity="sha384-<base64:64>" crossorigin="anonymous"></script>\n')),
    ("npm lock", "package-lock.json", _shape('{"packages": {"node_modules/token-types": {"version": "4.2.1", "integrity": "sha512-<base64:86>==", "dependencies": {"js-tokens": "^4.0.0"}}}}\n')),
    ("yarn lock", "yarn.lock", _shape('js-tokens@^4.0.0:\n  version "4.0.0"\n  integrity sha512-<base64:86>==\n\npassword-prompt@^1.1.3:\n  version "1.1.3"\n  checksum <hex:128>\n')),
    ("go sum", "go.sum", _shape("github.com/acme/token v1.4.0 h1:<base64:43>=\ngithub.com/acme/token v1.4.0/go.mod h1:<base64:43>=\n")),
    ("cargo lock", "Cargo.lock", _shape('[[package]]\nname = "secrecy"\nversion = "0.8.0"\nchecksum = "<hex:64>"\n')),
    ("poetry lock", "poetry.lock", _shape('[[package]]\nname = "keyring"\nversion = "25.2.1"\nfiles = [\n    {file = "keyring-25.2.1.tar.gz", hash = "sha256:<hex:64>"},\n]\n')),
    ("terraform lock", ".terraform.lock.hcl", _shape('provider "vault" {\n  version = "4.2.0"\n  hashes = [\n    "h1:<base64:43>=",\n    "zh:<hex:64>",\n  ]\n}\n')),
    ("docker digest", "Dockerfile", _shape("FROM python:3.12@sha256:<hex:64>\n")),
    ("actions pin", ".github/workflows/ci.yml", _shape("steps:\n  - uses: actions/checkout@<hex:40> # v4\n    with:\n      token: ${{ secrets.GITHUB_TOKEN }}\n")),
    ("etag", "logs/access.log", _shape('GET /logo.png 304 etag="<hex:32>" trace=<hex:32> span=<hex:16> request_id=<base62:20>\n')),
    ("trace ids", "logs/app.log", _shape("2026-05-12 INFO trace_id=<hex:32> span_id=<hex:16> session=<digit:9> user_agent=Mozilla/5.0\n")),
    ("object ids", "data/orders.json", _shape('{"_id": "<hex:24>", "customer": "cus_<base62:14>", "charge": "ch_<base62:24>", "price": "price_<base62:24>"}\n')),
    ("publishable key", "src/pay.js", _shape('const stripe = Stripe("pk_live_<base62:24>"); const slug = "pk_test_<base62:24>";\n')),
    ("public ids", "infra/main.tf", _shape('ami = "ami-<hex:17>"\nsubnet_id = "subnet-<hex:17>"\nzone_id = "Z<upper36:20>"\nrole_id = "AROA<base32:17>"\n')),
    ("public keys", "keys/authorized_keys", _ssh_public),
    ("certificates", "keys/ca.pem", _certificate),
    ("public key field", "config/app.yaml", _shape("public_key: <base64:43>=\nverify_key: <hex:64>\nfingerprint: SHA256:<base64:43>\nsite_key: 6L<url64:38>\n")),
    ("image", "README.md", _image),
    ("font", "static/site.css", _css_font),
    ("svg", "static/logo.svg", _svg),
    ("minified", "static/app.min.js", _minified),
    ("source map", "static/app.js.map", _shape('{"version":3,"names":["token","password"],"mappings":"AAAA,SAAS,<alpha:5>,CAAC;<alpha:8>,IAAI,<alpha:4>;EACE,<alpha:6>,CAAC"}\n')),
    ("embedding", "src/vector.py", _embedding),
    ("vocabulary", "data/vocab.json", _vocabulary),
    ("jwt header", "src/jwt.py", _jwt_header),
    ("notebook output", "explore.ipynb", lambda rng: f'{{"cells": [{{"outputs": [{{"data": {{"image/png": "iVBORw0KGgo{base64.b64encode(rng.randbytes(700)).decode()}"}}}}]}}]}}\n'),
    ("versions", "src/pins.py", _shape('TOKENIZER_VERSION = "2024.<digit:2>.<digit:2>rc1+g<hex:9>"\nKEY_VERSION = "v<digit:1>.<digit:2>.0-beta.3"\n')),
    ("temporary names", "src/paths.py", _shape('path = "/scratch/pytest-of-ci/pytest-<digit:3>/test_token_<lower:8>0/key.json"\nbucket = "acme-billing-<lower36:12>"\n')),
    ("test ids", "src/cases.py", _shape('IDS = ["test_login_with_wrong_password[chromium-<digit:4>]", "test-token-expired-<digit:3>", "data-testid-password-<lower:6>"]\n')),
    ("css classes", "static/form.html", _shape('<div class="css-<lower36:7>-password sc-<base62:6> token-field__input--dark" data-key="<lower:5>-<digit:3>"></div>\n')),
    ("colours and ids", "theme.json", _shape('{"token": {"colorPrimary": "#<hex:6>", "borderRadius": "6px"}, "tokenColors": [{"scope": "keyword.control.secret"}], "key": "ctrl+shift+<lower:1>"}\n')),
    ("react keys", "src/List.tsx", _shape('<Item key="row-<digit:4>" token={token} secretRef="billing-<lower:6>-credentials" />\n')),
    ("locale file", "locales/de.json", lambda _: '{"password"' ': "Passwort", "passwordHint": "Mindestens 12 Zeichen", "secretKey": "Geheimer Schlüssel", "token_expired": "Sitzung abgelaufen", "apiKey": "API-Schlüssel"}\n'),
    ("error codes", "src/errors.ts", lambda _: "export enum AuthError { InvalidPassword" " = 'INVALID_PASSWORD', TokenExpired = 'auth/token-expired', MissingApiKey = 'E_MISSING_API_KEY' }\n"),
    ("event names", "src/events.ts", lambda _: "track({ token: 'USER_PASSWORD_CHANGED', key: 'settings.security.passwordChanged', secret: 'dialog-secret-created' });\n"),
    ("openapi", "openapi.yaml", lambda _: "components:\n  schemas:\n    Login:\n      properties:\n        password: {type: string, format: password, minLength: 12}\n        token: {type: string, example: string}\n  securitySchemes:\n    apiKey: {type: apiKey, in: header, name: X-Api-Key}\n"),
    ("sealed secret", "k8s/sealed.yaml", _shape("kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB<base64:240>\n")),
    ("ansible vault", "group_vars/vault.yml", _shape("db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  <hex:80>\n  <hex:80>\n")),
    ("kubernetes reference", "k8s/deployment.yaml", lambda _: "env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: billing-db-credentials\n        key: password\n"),
    ("compose secrets", "docker-compose.yml", lambda _: "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/db_password\n    secrets: [db_password]\nsecrets:\n  db_password:\n    file: ./db_password.txt\n"),
    ("long identifiers", "src/Auth.java", lambda _: "class AbstractPasswordAuthenticationTokenProviderFactoryBean extends TokenEnhancerChainConfigurationSupport {}\n"),
    ("base64 prose", "docs/encoding.md", lambda rng: f"`{base64.b64encode(b'The quick brown fox jumps over the lazy dog').decode()}` decodes to a sentence.\n"),
)  # fmt: skip


def near_misses(seed: int = 2, *, each: int = 4) -> list[Sample]:
    """All near misses; those with generated parts `each` times."""
    rng = random.Random(seed)
    found = [Sample(path, page(rng), syntax=name) for name, path, page in _GENERATED for _ in range(each)]
    found += [
        Sample(f"src/auth.{_EXTENSION[language]}", text, syntax=f"code in {language}") for language, text in _CALLS
    ]
    for language, field, text in _SENTENCES:
        found.append(Sample(f"locales/{language}.json", f'{{"{field}": "{text}"}}\n', syntax="translation"))
        found.append(Sample(f"locales/{language}.yml", f"{language}:\n  {field}: {text}\n", syntax="translation"))
        found.append(Sample("src/form.py", f'{field.upper()}_LABEL = "{text}"\n', syntax="translation"))
        found.append(Sample("src/form.tsx", f'const labels = {{ {field}: "{text}" }};\n', syntax="translation"))
        found.append(Sample("locales/messages.properties", f"login.{field} = {text}\n", syntax="translation"))
    for value in _PLACEHOLDERS + _REFERENCES:
        what = "reference" if value in _REFERENCES else "placeholder"
        found.append(Sample("config/app.yaml", f'api_key: "{value}"\n', syntax=what))
        found.append(Sample(".env", f"PASSWORD={value}\nSECRET_KEY={value}\n", syntax=what))
        found.append(Sample("src/client.py", f'client = Client(password="{value}", token="{value}")\n', syntax=what))
        found.append(Sample("README.md", f"Set `api_key={value}` first.\n", syntax=what))
    return [one.moved_to(f"n{number:05}/{one.path}") for number, one in enumerate(found)]
