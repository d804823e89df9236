"""Ukrainian: mails to an account's owners."""

MAILS: dict[str, str] = {
    "connection_died.subject": "{account}: дзвінки більше не потрапляють у Salesforce",
    "connection_died.text": """\
Вітаємо!

Зв’язок «{account}» із Salesforce втрачено {moment}.

Чому і що робити: {reason}

Дзвінки зберігаються: нічого не зникне, після підключення їх буде передано по порядку.
Це забере хвилину:
{link}
""",
    "connection_works.subject": "{account}: дзвінки знову потрапляють у Salesforce",
    "connection_works.text": """\
Вітаємо!

Зв’язок «{account}» із Salesforce відновлено {moment}. Дзвінки, що чекали, передаються по порядку.

{link}
""",
}
