"""Near misses of form: every way to write a value, with none in it. They guard each syntax against being read too eagerly."""

from __future__ import annotations

from tests.bench.quality_sample import Sample

_PAGES: tuple[tuple[str, str, str], ...] = (
    ("c define", "src/auth.h", '#define PASSWORD_PROMPT "Enter password: "\n#define TOKEN_NAME "access_token"\n#define API_KEY_HEADER "X-Api-Key"\n#define MAX_PASSWORD 64\n#define SECRET_FILE "/etc/acme/secret.key"\n#define DEFAULT_PASSWORD ""\n'),
    ("c array", "src/auth.c", 'static const char password_label[] = "Password:";\nchar password[64];\nconst char *token = strtok(line, " \\t");\nstd::string secret{};\n'),
    ("rust const", "src/auth.rs", "pub const TOKEN_HEADER: &str = \"x-auth-token\";\nconst PASSWORD_MIN: usize = 12;\nlet password = String::new();\nlet secret_key = String::from(\"\");\nlet api_key: Option<String> = None;\n"),
    ("go const", "auth.go", 'const TokenHeader string = "X-Auth-Token"\nvar jwtKey []byte\nvar password = []byte(os.Getenv("PASSWORD"))\nsecret := []byte("")\n'),
    ("csharp property", "Auth.cs", 'public string Password { get; set; } = string.Empty;\npublic string ApiKeyHeader { get; } = "X-Api-Key";\npublic string Token { get; set; } = "";\n'),
    ("fallback", "src/env.ts", 'const mode = process.env.TOKEN_MODE || "development";\nconst url = process.env.TOKEN_URL ?? "https://login.acme.io/token";\nconst key = process.env.API_KEY || "";\nconst secret = process.env.JWT_SECRET ?? fail("JWT_SECRET is not set");\n'),
    ("fallback", "src/env.py", 'token = os.environ.get("TOKEN") or ""\npassword = os.getenv("PASSWORD", "")\nsecret = os.getenv("SECRET_KEY", None)\nkey = os.environ.get("API_KEY") or sys.exit("API_KEY is not set")\nscheme = os.getenv("TOKEN_SCHEME", "bearer")\n'),
    ("fallback", "config/env.rb", "token = ENV.fetch('TOKEN') { raise 'TOKEN is missing' }\nkey = ENV['API_KEY'] || abort('no API_KEY')\nsecret = ENV.fetch('SECRET_KEY_BASE', nil)\n"),
    ("field", "src/settings.py", 'api_key: str = Field(default="", description="API key of the billing service")\npassword: SecretStr = SecretStr("")\ntoken: str | None = Field(default=None, alias="BILLING_TOKEN", title="Token")\nsecret: str = Field(..., min_length=32, examples=["from the dashboard"])\n'),
    ("tuple", "src/client.py", 'user, password' ' = "username", "password"\nrequests.get(url, auth=("username", "password"))\nhost, token = sys.argv[1:3]\nauth = (user, get_password(user))\nPAIRS = [("password", "Password"), ("token", "Token")]\n'),
    ("comparison", "src/check.js", 'if (field === "password" || type === "token") {}\nif (token === "undefined" || secret === "") {}\nif (req.body.password === req.body.passwordConfirmation) {}\nswitch (error.password) { case "too-short": break; }\n'),
    ("signing", "src/jwt.js", "jwt.sign(payload, secret, { expiresIn: '1h' });\njwt.verify(token, process.env.JWT_SECRET);\ncrypto.createHmac('sha256', key).update(body).digest('hex');\n"),
    ("jsx", "src/Login.jsx", "<Input type={'password'} name={'password'} label={'Password'} token={token} />\n<Trans i18nKey={'auth.password'} secret={''} />\n"),
    ("text in a string", "src/help.py", 'USAGE = """\nusage: acme [--password PASSWORD] [--token TOKEN]\n\n  password = your password\n  token: the token of the dashboard\n"""\nlog.info("using password=%s", mask(password))\nlog.debug(f"token={token[:4]}...")\nraise ValueError("api_key=None is not allowed")\n'),
    ("annotation", "src/Auth.java", '@Value("${billing.api.key:}")\nprivate String apiKey;\n@Value("${billing.password:#{null}}")\nprivate String password;\n@JsonProperty("access_token")\nprivate String accessToken;\n'),
    ("powershell", "deploy.ps1", 'Connect-Billing -Password $password -ApiKey $env:API_KEY\n$secret = Read-Host -AsSecureString "Password"\n$cred = Get-Credential -Message "Token"\nparam([string]$Token = "", [string]$PasswordFile)\n'),
    ("yaml block", "config/help.yaml", "password: |\n  Enter the password you were given\n  by the administrator.\ntoken: >-\n  A token is a string that\n  names you.\nsecret:\n  - name\n  - key\n"),
    ("yaml flow", "openapi.yaml", "password: {type: string, minLength: 12}\napi_key: {in: header, name: X-Api-Key}\ntoken: &token {type: string}\nsecret: *token\nrefresh_token: !Ref RefreshToken\n"),
    ("yaml empty", "config/app.yaml", "password:\n  minimum: 12\n  history: 5\ntoken: ~\nsecret: null\napi_key: ''\nauth_token: true\nclient_secret: # set by CI\nregion: eu\n"),
    ("toml and hcl", "main.tf", 'variable "db_password" {\n  type        = string\n  description = "Password of the database"\n  sensitive   = true\n}\nvariable "api_key" {\n  default = ""\n}\noutput "token" {\n  value = module.auth.token\n}\nsecret_name = "billing-db"\nusage = <<EOT\nUse your password.\nEOT\n'),
    ("state", "terraform.tfstate", '{"outputs": {"db_password": {"value": null, "type": "string", "sensitive": true}, "token_url": {"value": "https://login.acme.io", "type": "string"}}}\n'),
    ("xml", "res/values/strings.xml", '<resources>\n  <string name="password">Password</string>\n  <string name="api_key_hint"><![CDATA[Paste your <b>API key</b> here]]></string>\n  <string name="token"></string>\n  <add key="PasswordPolicy" value="Strong" />\n</resources>\n'),
    ("pairs", "data/settings.csv", "name,value\npassword,Password\ntoken,\napi_key,required\nsecret,yes\n"),
    ("pairs", "data/labels.json", '[{"value": "Password", "key": "password"}, {"key": "token", "value": ""}, {"name": "api_key", "value": "{{api_key}}"}, {"name": "secret", "value": true}]\n'),
    ("tables", "README.md", "| name | type | value |\n|---|---|---|\n| password | string | required |\n| token | string | none |\n| api_key | string | see the dashboard |\n\n**Password:** at least 12 characters\n**API key:** optional\n"),
    ("dockerfile", "Dockerfile", "ARG NPM_TOKEN\nENV PASSWORD_FILE /run/secrets/password\nENV TOKEN_TTL 3600\nENV API_KEY=$API_KEY\nRUN --mount=type=secret,id=token cat /run/secrets/token\n"),
    ("make", "Makefile", "PASSWORD ?=\nTOKEN := $(shell cat .token)\nAPI_KEY = $(API_KEY_$(ENV))\nSECRETS := secrets/*.enc\npassword:\n\t@read -s PASSWORD\n"),
    ("expansion", "deploy.sh", 'TOKEN="${TOKEN:-}"\n: "${API_KEY:?API_KEY is not set}"\nPASSWORD="${PASSWORD:-$DEFAULT_PASSWORD}"\nSECRET="${SECRET:=$(pass show billing)}"\nMODE="${TOKEN_MODE:-bearer}"\n'),
    ("commands", "deploy.sh", "acme login --password-stdin < token.txt\nacme login --token-file /run/token --api-key-env BILLING_KEY\nacme --password '$PASSWORD' --secret=$(cat key) --signing-key ./key.pem --passphrase-fd 3\naws configure set region eu-west-1\ngh secret set TOKEN < token.txt\nset -gx TOKEN (cat token)\nsetenv PASSWORD $1\necho $TOKEN | docker login --password-stdin\nmysql -u root -p billing\n"),
    ("server config", "redis.conf", "# requirepass foobared\nmasterauth-file /etc/redis/auth\nrequirepass $REDIS_PASSWORD\n"),
    ("server config", "nginx.conf", "proxy_set_header Authorization $http_authorization;\nproxy_set_header X-Api-Key $api_key;\nauth_basic_user_file /etc/nginx/.htpasswd;\nssl_password_file /etc/keys/global.pass;\n"),
    ("prose", "NOTES.md", "My api key is not working. The password is required, and the token is invalid or expired.\nThe secret is to keep calm. Your password was changed. The access token is sent in a header.\nThe password for staging is in the vault; my token is gone. Password: see 1Password. Secret: none.\n"),
    ("prose", "prompt.txt", "why is my password wrong? the api key is from the dashboard, the client secret is rotated daily\n"),
    ("addresses", "docs/urls.md", "postgres://user:pass" "word@localhost:5432/db\nhttp://localhost:3000/login?next=/password\nmysql://USER:PASS@HOST/DB\nredis://:@cache:6379/0\nhttps://example.com/#access_token=TOKEN&expires_in=3600\nuser:%s@tcp(%s)/pay\nuser:password@tcp(localhost:3306)/db\nssh://git@git.acme.io:22/pay.git\n"),
    ("connection strings", "appsettings.json", '{"ConnectionStrings": {"A": "Server=db;Database=pay;Integrated Security=true;", "B": "Server=db;User Id=app;Password=;", "C": "Server=db;User Id=app;Password={0};", "D": "Server=db;User Id=app;Password=***;Encrypt=True", "E": "host=db user=app password=$DB_PASSWORD"}}\n'),
    ("form", "login.html", '<form>\n<input type="password" name="password" value="" placeholder="Password">\n<input name="token" value="{{ csrf_token }}">\n<button name="password" value="reset">Reset password</button>\n<select name="secret"><option value="yes">Yes</option></select>\n</form>\n'),
    ("prefix in a name", "src/names.py", "aio_read_write_callback_registration = sl.append_sorted_list_of_values_here\nst.session_state.authentication_status_of_the_user = 1\nlive_streaming_configuration_values = fw_update_download_progress_bar\nphx_socket_reconnect_after_milliseconds = pnu_matic_actuator_configuration\nre_compile_pattern_with_alternatives = hf_transformer_model_configuration\n"),
    ("prefix in a name", "static/site.css", ".ico-arrow-left-circle-outline-24,.sk-fading-circle-animation-delay,.key-binding-description-label{}\n.pa-4,.pat-na1-top,.sdk-client-side-documentation,.mob-navigation-hidden,.fo1-grid{}\n"),
    ("prefix in a name", "docs/prefixes.md", "Keys begin with `ghp_`, `sk_live_`, `xoxb-`, `AKIA`, `glpat-`, `hf_`, `SG.`, `pypi-`, `sk-ant-api03-`, `npm_`, `dop_v1_`, `shpat_`, `AIza` or `eyJ`.\n"),
    ("prefix in a name", "src/dotted.py", "pat.compile(pattern).search(text)\nst.dataframe(frame).configure(columns)\nsl.insert(0, value)\nsk.metrics.accuracy_score(truth, guess)\npk.eyJ.example\n"),
)  # fmt: skip


def empty_forms() -> list[Sample]:
    """All pages above; nothing in them is a secret."""
    return [Sample(f"e{number:05}/{path}", text, (), name) for number, (name, path, text) in enumerate(_PAGES)]
