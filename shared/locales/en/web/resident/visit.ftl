visit = Pass
# $community — what the settlement is called.
visit-title = You are expected: { $community }
visit-where = Where
visit-when = When
visit-kind = Pass
visit-code = Code for the gate
# $code — digits.
visit-qr = QR code with the code { $code }
# $moment — from when on it holds.
visit-next = Holds from: { $moment }
visit-how-code = Show the QR code or say the code at the gate.
visit-how-plate = At the gate you are known by your plate or your name. There is nothing to show.
visit-over = This pass lets nobody in any more. Ask whoever invited you for a new one.
visit-gone = This link is over
visit-gone-about = The pass was cancelled or the link was taken back. Ask whoever invited you for a new one.
visit-look-again = Look again
