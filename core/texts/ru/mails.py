"""Russian: mails to an account's owners."""

MAILS: dict[str, str] = {
    "connection_died.subject": "{account}: звонки больше не попадают в Salesforce",
    "connection_died.text": """\
Здравствуйте!

Связь «{account}» с Salesforce потеряна {moment}.

Почему и что делать: {reason}

Звонки сохраняются: ничего не пропадёт, после подключения они будут переданы по порядку.
Это займёт минуту:
{link}
""",
    "connection_works.subject": "{account}: звонки снова попадают в Salesforce",
    "connection_works.text": """\
Здравствуйте!

Связь «{account}» с Salesforce восстановлена {moment}. Ожидавшие звонки передаются по порядку.

{link}
""",
}
