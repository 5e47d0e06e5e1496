gates = Gates
gates-none = The gates that you may open will be shown here.
gates-not-allowed = You may not open gates by phone yet. The owner of the house or an administrator can allow it.
gates-expected = Expected today
gates-nobody-expected = Nobody is expected today.
# $count — how many passes for today.
gates-all-passes =
    { $count ->
        [one] All passes: { $count } for today
       *[other] All passes: { $count } for today
    }
gates-recent = Came lately
gates-nobody-came = Nobody has come yet.
gates-journal = The whole journal
gate-open = Open
# $gate — the gate's name.
gate-open-of = Open: { $gate }.
gate-not-away = The gatehouse is away, it cannot be opened from here
gate-not-offline = No internet, it cannot be opened from here
gate-pressed = Pressed, sending…
gate-no-answer = No answer: whether it arrived is not known. Press again
# $text: how it ended, $at: when it was pressed.
gate-earlier = Your earlier press at { $at }: { $text }. If you need it again, press again
gate-lost = What became of it could not be found out. Look at the gate
# $text — the last that is known.
gate-cut = { $text }. The connection is gone, finding out what follows
