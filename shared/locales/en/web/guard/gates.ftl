# Gates on the guard's screen.
gates = Gates
gate-open = Open
gate-in = Let in
gate-out = Let out
gate-hold = Hold
gate-release = Release
gate-close = Close
gate-lost = No connection
gate-held-by = { $guard }, since { $time }
gate-opened-at = Opened at { $time }
gate-through = Through which gate
