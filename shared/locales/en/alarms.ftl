### What is wrong with the machines of a community: for its administrators.

alarm-hub-silent = The gatehouse is not connected
alarm-clock-off = The clock of the gatehouse is wrong
alarm-copies-differ = The gatehouse and the cloud held different data, which were merged anew
alarm-disk-copied = The disk of the gatehouse was restored or copied: make sure that there is no second one
alarm-forbidden = The gatehouse sent what it may not
alarm-intruder = A strange or revoked gatehouse tried to connect to the cloud
alarm-blob-refused = A file on the link was not what it was called, or was asked for by one who may not
alarm-backup-overdue = There has been no good backup for too long
alarm-no-room = There is no room left for photographs
alarm-clock-jumped = The cloud's clock jumped ahead, or the cloud stood for long: nothing old is destroyed until this was seen
