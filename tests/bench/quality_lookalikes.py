"""Near misses of personal data: code and rows that have the shape or the field's name, and no person behind them."""

from __future__ import annotations

import random

from tests.bench.quality_draw import draw, uuid
from tests.bench.quality_sample import Sample

_PAGES = (
    ("name of a thing", "src/app.py", 'logger = Logger(name="stdout")\nfile_name = "report.csv"\nclass_name = "UserFactory"\nhost_name = "db-1"\nevent_name = "user.created"\nfont_name = "Helvetica Neue"\n'),
    ("name of a thing", "package.json", '{"name": "acme-billing", "description": "Invoices", "displayName": "Acme Billing", "author": "Acme"}\n'),
    ("name of a thing", "data/products.csv", "id,name,product_name,city_pair,status\n1,Garden chair,Garden chair,LHR-JFK,active\n"),
    ("name of a thing", "k8s/app.yaml", "metadata:\n  name: billing\nspec:\n  containers:\n    - name: api\n      image: acme/api:1.4\n"),
    ("name of a thing", "src/App.tsx", '<Field name="firstName" label="First name" placeholder="First name" type="text" />\n<Avatar name={user.name} />\n'),
    ("declaration", "src/model.py", 'first_name = models.CharField(max_length=80, verbose_name="First name")\nemail = models.EmailField(unique=True)\nphone = serializers.CharField(required=False, allow_blank=True)\n'),
    ("declaration", "src/model.ts", "interface Person { firstName: string; email: string; dateOfBirth?: Date; ssn: string | null; address: Address[] }\n"),
    ("declaration", "src/Model.java", '@Column(name = "date_of_birth") private LocalDate dateOfBirth;\n@Email private String email;\nprivate String firstName = null;\n'),
    ("declaration", "db/schema.sql", "CREATE TABLE people (id BIGINT, first_name VARCHAR(80), email TEXT NOT NULL, ssn CHAR(11), date_of_birth DATE, ip_address INET);\n"),
    ("declaration", "openapi.yaml", "properties:\n  email: {type: string, format: email}\n  phone: {type: string, maxLength: 20}\n  firstName:\n    type: string\n    description: First name\n"),
    ("declaration", "schema.graphql", "type Person { firstName: String! email: String! phone: String birthDate: Date address: Address }\n"),
    ("declaration", "model.prisma", 'model Person {\n  email String @unique\n  phone String?\n  firstName String @map("first_name")\n}\n'),
    ("column titles", "export/empty.csv", "First name,Last name,E-mail,Phone,Date of birth,Street,City,Postcode\n"),
    ("column titles", "src/columns.ts", "const columns = { firstName: 'First name', email: 'E-mail address', phone: 'Phone number', city: 'City', dob: 'Date of birth' };\n"),
    ("labels", "locales/de.json", '{"firstName": "Vorname", "lastName": "Nachname", "street": "Straße", "city": "Ort", "phone": "Telefon", "religion": "Konfession", "email": "E-Mail-Adresse"}\n'),
    ("labels", "locales/en.yml", "en:\n  email: Email address\n  phone: Phone number\n  address: Address\n  username: User name\n  diagnosis: Diagnosis\n"),
    ("template", "mail/welcome.html", "<p>Dear {{ first_name }} {{ last_name }},</p><p>we sent it to {{ email }}.</p><td>${phone}</td>\n"),
    ("template", "src/mail.py", 'body = f"Dear {person.first_name}, your address is {person.address}"\nemail = f"{user}@{domain}"\nphone = "%s-%s" % (area, number)\n'),
    ("template", ".env", "ADMIN_EMAIL=${ADMIN_EMAIL}\nSMTP_USERNAME=$SMTP_USERNAME\nPHONE=<your phone>\n"),
    ("factory", "tests/factories.py", 'first_name = factory.Faker("first_name")\nemail = factory.LazyAttribute(lambda o: f"{o.username}@example.com")\nphone = faker.phone_number()\n'),
    ("call", "src/app.py", 'email = request.form["email"]\nphone = clean_phone(raw)\nname = getattr(obj, "name", "unknown")\nusername = getpass.getuser()\nip = socket.gethostbyname(host)\n'),
    ("at sign", "src/app.py", '@app.route("/people")\n@pytest.fixture(scope="module")\nremote = "git@github.com:acme/pay.git"\ndep = "billing @ file:///opt/billing"\n'),
    ("at sign", "package.json", '{"dependencies": {"@acme/ui": "^4.0.0"}, "resolutions": {"left-pad@1.3.0": "1.3.1"}}\n'),
    ("at sign", "deploy.sh", "scp dist.tgz deploy@build:/srv\nrsync -a . web@10.0.0.4:/srv\nnpx create-vite@5.2.0\ndocker pull acme/api@sha256:$DIGEST\n"),
    ("at sign", "docker-compose.yml", "x: postgres://app:${PASSWORD}@db:5432/pay\ny: amqp://guest@mq//\n"),
    ("decimals", "src/pi.py", "PI = 3.14159265358979323846\nE = 2.718281828459045\nMAX = 4503599627370496\nBIG = 9007199254740991\nNS = 1700000000123456789\n"),
    ("time", "logs/app.log", "1700000000 took 0.123456789s, next run 2026-05-12T10:00:00.000Z, pid=4121 tid=140735\n"),
    ("time", "data/orders.json", '{"created_at": "2026-05-12", "updated": "2026-05-13T09:12:44Z", "due_date": "2026-06-01", "release_date": "12/05/2026"}\n'),
    ("version", "src/version.py", 'VERSION = "7.1.4.34"\n__version__ = "12.0.1.3"\nBUILD = "10.0.19041.1"\nAPI = "2024.11.02.1"\n'),
    ("version", "requirements.txt", "pywin32==306.0.0.1\nacme-net==84.17.3.22\nlxml>=5.2.1\n"),
    ("address of memory", "src/app.c", "void *address = (void *)0x7ffee4c0a8f0;\nint street = 0; int city_count = 3; char *zip = NULL;\n"),
    ("sizes", "config/app.yaml", "phone_length: 10\nzip: true\ncity: null\nage_limit: 18\naccount_number_pattern: '^[0-9]{8,12}$'\nip: 0.0.0.0\n"),
    ("isbn and friends", "docs/books.md", "ISBN 978-3-16-148410-0, ISSN 0378-5955, DOI 10.1000/182, RFC 5737, ISO 13616-1:2020, EAN 4006381333931\n"),
    ("order numbers", "data/orders.csv", "order_id,invoice_no,sku,tracking,quantity\n100200300,INV-2026-000123,8712345678906,1Z999AA10123456784,12\n200300400,INV-2026-000124,8712345678913,1Z999AA10123456785,7\n"),
    ("enumeration", "src/roles.ts", "export const roles = { name: 'ADMIN', username: 'system', city: 'UNKNOWN', religion: 'NOT_DISCLOSED', email: 'NONE' };\n"),
    ("patterns", "src/patterns.py", 'EMAIL = re.compile(r"[^@]+@[^@]+\\.[a-z]+")\nSSN = r"\\d{3}-\\d{2}-\\d{4}"\nPHONE = "###-###-####"\nIBAN = "XX00XXXX00000000"\n'),
    ("masked", "data/masked.csv", "id,ssn,card_number,phone,email\n1,***-**-1234,XXXX-XXXX-XXXX-1111,xxx-xxx-9876,j***@***.com\n"),
    ("network", "config/net.yaml", "cidr: 10.0.0.0/8\ngateway: 192.168.0.1\nmask: 255.255.255.0\nbroadcast: 255.255.255.255\nmulticast: 224.0.0.251\nip: '::'\n"),
    ("placeholders", "data/demo.csv", "id,first_name,last_name,email,phone\n1,John,Doe,john.doe@example.com,555-0100\n2,Jane,Doe,jane@example.org,555-0199\n"),
    ("placeholders", "README.md", "Send it to you@example.com, or call +1 (555) 555-0100. Card: 4242 4242 4242 4242, CVC 123 in Stripe's test mode.\n"),
    ("css", "static/site.css", ".city{color:#123456}.phone::after{content:'\\2706';width:10.5px}@media(min-width:640px){.street{margin:0 auto}}\n"),
    ("time zones", "src/zones.py", 'ZONES = ["Europe/Berlin", "America/New_York"]\ncity = "Europe/Berlin"\nlocale = "de-DE"\ncountry = "DE"\n'),
    (
        "form",
        "templates/form.html",
        '<form><input name="first_name" type="text" value=""><input name="email" type="email" placeholder="E-mail">\n'
        '<select name="city"><option value="">City</option></select><input name="phone" value="{{ phone }}"></form>\n',
    ),
    (
        "form",
        "templates/table.html",
        "<table><tr><th>Name</th><th>City</th><th>Street</th></tr><tr><td>Total</td><td>12</td><td>&nbsp;</td></tr></table>\n"
        "<dl><dt>Name</dt><dd>{{ name }}</dd><dt>Date of birth</dt><dd>required</dd></dl>\n",
    ),
    (
        "frames",
        "src/frame.py",
        'frame.agg({"city": ["count", "nunique"], "name": ["first"], "phone": ["size"]})\n'
        'frame.rename(columns={"first_name": "given", "ssn": "id"})\nframe[["name", "email", "date_of_birth"]]\n',
    ),
    (
        "parametrize",
        "src/check_it.py",
        '@pytest.mark.parametrize(("name", "expected"), [("foo", 1), ("bar", 2)])\n'
        '@pytest.mark.parametrize("email", [None, "", "no-at-sign"])\n@pytest.mark.parametrize(("city", "ok"), [("", False)])\n',
    ),
    (
        "positions",
        "src/map.ts",
        "const view = { lat: 0, lng: 0, zoom: 4 };\ntype Point = { latitude: number; longitude: number };\nconst latitude = position.coords.latitude;\n",
    ),
    (
        "short names",
        ".github/workflows/ci.yml",
        "steps:\n  - name: Run the tests\n    run: npm test\n  - name: Build\n    run: make -j4\n  - run: pip install .\n",
    ),
    (
        "short names",
        "src/run.py",
        'rc = subprocess.call(["make"])\ncap = 100\nnome = None\nlogin = True\nrace = "condition"\nstad = 0\nrun = "12"\npan = "left"\ncf = "on"\nsin = math.sin(x)\nird = 3\n',
    ),
    ("card of nobody", "data/empty.vcf", "BEGIN:VCARD\nVERSION:4.0\nFN:\nEMAIL:\nTEL:\nNOTE:Template\nEND:VCARD\n"),
    (
        "queries",
        "docs/api.md",
        "GET /people?name=&email=&phone=\nGET /people?sort=name&city=eq.&page=2\n`?customer_name=string&date_of_birth=date`\n",
    ),
    (
        "prose",
        "NOTES.md",
        "- name: see above\n- address: to be defined\n- phone: optional\n**Email:** required\n**Date of birth:** in the form of the country\n",
    ),
    (
        "post-mortem",
        "docs/outage.md",
        "**Diagnosis:** the pool was exhausted\n- **Diagnosis**: Connections were never given back by the retry loop\n**Medication:** none\n"
        "City: see the map\nFull name: the name of the module\nAddress: as in the request\nhealth status: degraded\n",
    ),
    (
        "services",
        "config/health.yaml",
        "health_status: unhealthy\nhealthStatus: Progressing\nmember_id: 41200871\nmember_id: U04ABCDEFGH\nsecurity_code: 7203\nrace: strict\nconviction: high\n",
    ),
    (
        "columns of figures",
        "data/query.json",
        '{"columns": ["name", "city", "email"], "data": [["total", 12, null], ["mean", 3.5, ""]]}\n',
    ),
    ("blocks", "factories/people.rb", "factory :person do\n  name { 'x' }\n  email { \"#{login}@#{host}\" }\n  city { nil }\nend\n"),
    (
        "inputs",
        "templates/search.html",
        '<input name="city" value="{{ city }}"><input name="email" value="true"><input type="submit" name="address" value="Save">\n'
        "<dl><dt>Address</dt><dd>Where the socket listens</dd><dt>Name</dt><dd>str</dd></dl>\n",
    ),
    (
        "companies",
        "data/suppliers.csv",
        "id,company_name,product,brand\n1,Brightwell Logistics Ltd,Pallet Jack,Jungheinrich\n2,Acme GmbH & Co. KG,Hand Truck,Still\n",
    ),
)  # fmt: skip


def lookalikes(seed: int = 5, *, each: int = 3) -> list[Sample]:
    """All pages above, and drawn ones `each` times."""
    rng = random.Random(seed)
    found = [Sample(path, text, (), name) for name, path, text in _PAGES]
    for _ in range(each):
        found += [
            Sample(
                "data/events.json",
                f'{{"id": "{uuid(rng)}", "name": "{uuid(rng)}", "account": "{uuid(rng)}", "phone_id": "{uuid(rng)}"}}\n',
                (),
                "uuid",
            ),
            Sample(
                "src/hash.py",
                draw(
                    rng,
                    'SUM = "<hex:64>"\nTAG = "<hex:40>"\nETAG = "<digit:10><hex:22>"\nKEY = "<digit:9>-<digit:4>"\n',
                ),
                (),
                "hash",
            ),
            Sample(
                "src/float.py",
                draw(rng, "W = [0.<digit:16>, -1.<digit:16>, 4.<digit:15>e-05, <digit:2>.<digit:14>]\n"),
                (),
                "decimals",
            ),
            Sample(
                "static/map.svg",
                draw(
                    rng,
                    '<path d="M<digit:3>.<digit:2>,<digit:3>.<digit:3>c<digit:1>.<digit:2>-<digit:2>.<digit:1>,<digit:2>.<digit:3>-<digit:2>.<digit:1>"/>\n',
                ),
                (),
                "svg",
            ),
            Sample(
                "logs/app.log",
                draw(
                    rng,
                    "job=<digit:10> run=<digit:12> took=<digit:4>ms batch=<digit:16> shard=<digit:3>-<digit:2>-<digit:4>-<digit:5>\n",
                ),
                (),
                "job numbers",
            ),
            Sample(
                "data/ids.csv",
                draw(
                    rng,
                    "id,ref,amount_cents,customer_ref\n<digit:10>,<digit:9>,<digit:8>,<digit:11>\n<digit:10>,<digit:9>,<digit:8>,<digit:11>\n",
                ),
                (),
                "plain numbers",
            ),
            Sample(
                "go.sum",
                draw(rng, "github.com/acme/pay v0.0.0-20<digit:2>0<digit:1>12103055-<hex:12> h1:<base64:43>=\n"),
                (),
                "module versions",
            ),
        ]
    return [one.moved_to(f"l{number:05}/{one.path}") for number, one in enumerate(found)]
