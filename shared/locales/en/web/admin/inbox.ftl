inbox = Inbox
inbox-nothing = Nothing waits
inbox-nothing-hint = New applications and alarms come here by themselves.
inbox-applications = { $count ->
    [one] { $count } application waits for a decision
   *[other] { $count } applications wait for a decision
}
inbox-away = Hubs that are away
inbox-away-hub = The hub “{ $name }” is away
inbox-away-since = Last connected { $when }. Gates work without a connection, too
inbox-away-never = It has never been connected
inbox-gates = To the hubs
inbox-decided = Decided lately
inbox-unreached = What did not reach people in 30 days
inbox-channel-telegram = { $count ->
    [one] Telegram: { $count } not delivered
   *[other] Telegram: { $count } not delivered
}
inbox-channel-push = { $count ->
    [one] Notifications in browsers: { $count } not delivered
   *[other] Notifications in browsers: { $count } not delivered
}
inbox-channel-email = { $count ->
    [one] Mail: { $count } letter not delivered
   *[other] Mail: { $count } letters not delivered
}
inbox-unreached-sent = Delivered: { $sent }
inbox-unreachable = { $count ->
    [one] { $count } message had nowhere to go
   *[other] { $count } messages had nowhere to go
}
inbox-unreachable-hint = These people have neither mail nor notifications. They turn them on in their settings.
inbox-stale = { $count ->
    [one] { $count } message was too late
   *[other] { $count } messages were too late
}
