### How long what is kept, and how it is erased.

application-unanswered = Nobody decided on the request in time. Please ask again
