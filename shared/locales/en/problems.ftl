### Why a call of a screen was not done: `problem-` and the code that the page sees.

problem-broken-body = The request did not arrive as a whole
problem-busy = The gatehouse is busy and nothing was done. Please try again
problem-changed-meanwhile = Somebody else was faster. Please look again
problem-clock-cannot-be-right = The clock stands in the past: set it first
problem-cross-origin = This came from the page of another site and was not done
problem-locked = Too many tries. Please wait
problem-method-not-allowed = This cannot be done here
problem-needs-pin = This PIN has to be set anew: ask the administrator
problem-no-session = Please sign in first
problem-nobody-waits = Nobody is waiting there any more
problem-not-found = There is no such thing
problem-not-invited = This invitation is no longer valid: ask for another one
problem-not-json = The request is not JSON
problem-not-opened = It was not opened
problem-screen-not-paired = This screen is not paired with the gatehouse
problem-store = The store does not answer: check the disk
problem-too-large = The request is too large
problem-unexpected = The request is not what is expected here
problem-unsupported-media-type = The request has to be JSON (Content-Type: application/json)
problem-wrong-host = The gatehouse is not reached under this name
problem-wrong-pin = Wrong PIN
