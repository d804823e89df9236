"""Русский: что решили правила и почему."""

RULES: dict[str, str] = {
    # Пропущено или отложено
    "skip.off": "Интеграция выключена.",
    "skip.not_connected": "Salesforce не подключён.",
    "skip.internal": "Внутренний звонок.",
    "skip.withheld": "Номер скрыт или не является номером: «{number}».",
    "skip.excluded": "Исключённый номер: {number} есть в вашем списке исключений.",
    "skip.own_line": "Исключённый номер: {number} — ваш собственный внешний номер.",
    "skip.lead_converted": "Лид «{name}» сконвертирован; по вашей настройке его звонки"
    " игнорируются.",
    "skip.outgoing_converted": "Исходящий звонок сконвертированному лиду «{name}»; по вашей"
    " настройке исходящие звонки ничего не создают.",
    "skip.outgoing_unknown": "Неизвестный номер, исходящий звонок; по вашей настройке он ничего не"
    " создаёт.",
    "hold.connection_dead": "Связь с Salesforce потеряна. Звонок ждёт, пока вы не подключите его"
    " снова, и тогда будет передан.",
    "already.written": "Звонок уже есть в Salesforce; второй раз он не записывается.",
    # Записано
    "write.lead_found": "Звонок записан в лид «{name}».",
    "write.lead_created": "Этого номера ни у кого не было: создан лид, звонок записан в него.",
    "write.lead_created_again": "Лид «{name}» сконвертирован: создан новый лид, звонок записан в"
    " него.",
    "write.contact_first": "Звонок записан в контакт «{name}»: известный контакт важнее лидов.",
    "write.contact_found": "Звонок записан в контакт «{name}».",
    "write.contact_created": "Этого номера ни у кого не было: создан контакт, звонок записан в"
    " него.",
    "write.same_person": "Звонок записан в «{name}», как и другой звонок с этого номера.",
    "write.named": "Salesforce назвал «{name}» дубликатом: звонок записан туда.",
    "write.converted_contact": "Лид сконвертирован: звонок записан в его контакт «{name}».",
    "write.contact_only": "Исходящий звонок: записан в контакт «{name}» без возможности.",
    "write.no_open_stage": "Звонок записан только в контакт «{name}»: в Salesforce нет открытой"
    " стадии возможности.",
    "write.opportunity_open": "Звонок записан в открытую возможность «{opportunity}».",
    "write.opportunity_reopened": "Закрытая возможность «{opportunity}» открыта повторно на стадии"
    " «{stage}», звонок записан в неё.",
    "write.opportunity_created": "Создана возможность «{opportunity}», звонок записан в неё.",
    "write.opportunity_created_again": "Все возможности были закрыты: создана новая,"
    " «{opportunity}», звонок записан в неё.",
    "write.same_opportunity": "Звонок записан в возможность «{opportunity}», как и другой звонок"
    " этого контакта.",
    # По пути
    "person.others": "Этот номер есть у нескольких записей; выбрана изменённая последней,"
    " «{chosen}». Остальные: {names}.",
    "person.remembered": "«{name}» создан для этого номера раньше.",
    "opportunity.others": "Открыто несколько возможностей; выбрана изменённая последней,"
    " «{chosen}». Остальные: {names}.",
    "opportunity.close_date": "Дата закрытия прошла и перенесена на {date}.",
    "opportunity.stage_gone": "Стадия «{stage}» в Salesforce больше не открытая; взята"
    " «{instead}».",
    "owner.line": "Внутренний номер {line} закреплён за сотрудником {user}.",
    "owner.no_line": "Телефония не назвала внутренний номер этого звонка.",
    "owner.unmapped_line": "Внутреннего номера {line} нет в таблице SIP номеров.",
    "owner.missed_line": "За пропущенные звонки на {line} отвечает {user}.",
    "owner.missed_any": "За пропущенные звонки отвечает {user}.",
    "owner.record": "Задача достаётся {user}: это ответственный за «{name}».",
    "owner.queue": "«{name}» принадлежит очереди, а задаче нужен человек.",
    "owner.inactive": "Пользователь {user} неактивен в Salesforce.",
    "owner.unknown": "Пользователя {user} больше нет в Salesforce.",
    "owner.refused": "Salesforce не принимает {user} как ответственного.",
    "owner.default": "Ответственный по умолчанию — {user}.",
    "owner.connected": "{user} подключил Salesforce и получает то, что ничьё.",
    "owner.nobody": "Выбрать больше некого; ответственного назначит Salesforce.",
    "task.open": "Открытая задача со сроком {due}.",
    "task.no_key": "Salesforce не показывает поля для номера звонка (установите приложение или"
    " откройте CallObject): если ответ потеряется, звонок может быть записан дважды.",
    "field.left_out": "Поле {field} не заполнено: подключённый пользователь не может его менять.",
    "field.cut": "Значение поля {field} было слишком длинным и обрезано.",
    # Собственные поля
    "own.refused": "Поле {field} не заполнено: Salesforce его отклонил.",
    "own.hidden": "Поле {field} не заполнено: его нет или оно скрыто от подключённого"
    " пользователя.",
    "own.reserved": "Поле {field} заполняет сама интеграция.",
    "own.read_only": "Поле {field} нельзя менять.",
    "own.type": "{field}: поле типа {type} нельзя заполнить текстом.",
    "own.no_template": "{field}: введите значение.",
    "own.unknown_variable": "{field}: нет переменной {{{variable}}}.",
    "own.empty": "Поле {field} не заполнено: для этого звонка значение пустое.",
    "own.too_long": "{field}: «{value}» — слишком длинное значение.",
    "own.not_url": "{field}: «{value}» — не адрес страницы.",
    "own.not_email": "{field}: «{value}» — не адрес электронной почты.",
    "own.not_checkbox": "{field}: «{value}» — ни да, ни нет.",
    "own.not_number": "{field}: «{value}» — не число.",
    "own.too_big": "{field}: «{value}» — слишком большое число.",
    "own.not_date": "{field}: «{value}» — не дата.",
    "own.not_datetime": "{field}: «{value}» — не дата со временем.",
    "own.not_in_list": "{field}: «{value}» нет среди допустимых значений.",
    "own.person_account": "{fields}: собственные поля персонального аккаунта заполнить нельзя.",
}
