// A text to begin with. Everything in it is invented: reserved domains, test numbers.

export const EXAMPLE = `Dear Ms Albright,

please call me on +1 202 555 0142 or write to tom.baker@example.com about claim 4711.
The refund of $1,204.50 should go to card 4111 1111 1111 1111 or to IBAN DE89 3704 0044 0532 0130 00.
I was born on 4 July 1976.

Our service logs in with AKIAIOSFODNN7EXAMPLE from 203.0.113.7.`;
