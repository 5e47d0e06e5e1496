//! Values of the rules that have a text of their own.

use crate::access::{Reason, Verdict};
use crate::people::{PlaceKind, Role};
use crate::{alarms, gates, journal, passes};

/// A value that has a text of its own, in every language.
pub trait Spoken: Copy + 'static {
    /// All values, in the order of their declaration.
    const ALL: &'static [Self];

    /// The text's key.
    fn key(self) -> &'static str;
}

/// One line a variant; the compiler asks for a new one.
macro_rules! spoken {
    ($kind:ty, $prefix:literal: $($variant:ident $name:literal),+ $(,)?) => {
        impl Spoken for $kind {
            const ALL: &'static [Self] = &[$(<$kind>::$variant),+];

            fn key(self) -> &'static str {
                match self {
                    $(<$kind>::$variant => concat!($prefix, "-", $name),)+
                }
            }
        }
    };
}

spoken!(Verdict, "verdict":
    Refuse "refuse",
    Ask "ask",
    Open "open",
);

spoken!(Reason, "reason":
    Vehicle "vehicle",
    Pass "pass",
    Card "card",
    Button "button",
    Guard "guard",
    Allowed "allowed",
    FreeExit "free-exit",
    Leaving "leaving",
    Unknown "unknown",
    WeakReading "weak-reading",
    TimeNotTrusted "time-not-trusted",
    NewerRules "newer-rules",
    DecidedElsewhere "decided-elsewhere",
    Inside "inside",
    BannedLeaving "banned-leaving",
    NotJudged "not-judged",
    Banned "banned",
    Revoked "revoked",
    NotYet "not-yet",
    Expired "expired",
    OutsideHours "outside-hours",
    UsedUp "used-up",
    NoRight "no-right",
    Denied "denied",
);

spoken!(journal::Kind, "journal":
    Decided "decided",
    Closing "closing",
    Commanded "commanded",
    Failed "failed",
    Interrupted "interrupted",
    Abandoned "abandoned",
    SeenOpen "seen-open",
    SeenClosed "seen-closed",
    Jammed "jammed",
    Obstructed "obstructed",
    Passed "passed",
    Tailgated "tailgated",
    NobodyPassed "nobody-passed",
    HoldBegan "hold-began",
    HoldEnded "hold-ended",
    FireBegan "fire-began",
    FireEnded "fire-ended",
    DriverLost "driver-lost",
    DriverBack "driver-back",
    RefusedByGuard "refused-by-guard",
    Visitor "visitor",
    Asked "asked",
    Answered "answered",
    ShiftBegan "shift-began",
    ShiftEnded "shift-ended",
    Started "started",
);

spoken!(passes::Kind, "pass":
    Guest "guest",
    Taxi "taxi",
    Courier "courier",
    Recurring "recurring",
    Event "event",
);

spoken!(passes::Standing, "pass-state":
    Holds "holds",
    NotYet "not-yet",
    OutsideHours "outside-hours",
    UsedUp "used-up",
    Over "over",
    Revoked "revoked",
    Orphaned "orphaned",
);

spoken!(PlaceKind, "place":
    Owner "owner",
    Family "family",
    Tenant "tenant",
    Staff "staff",
);

spoken!(Role, "role":
    Resident "resident",
    Guard "guard",
    Administrator "administrator",
);

spoken!(gates::Kind, "gate":
    Barrier "barrier",
    Wicket "wicket",
);

spoken!(gates::Direction, "direction":
    Entry "entry",
    Exit "exit",
);

spoken!(gates::Buttons, "buttons":
    Residents "residents",
    Staff "staff",
);

spoken!(alarms::Kind, "alarm":
    HubSilent "hub-silent",
    ClockOff "clock-off",
    CopiesDiffer "copies-differ",
    DiskCopied "disk-copied",
    Forbidden "forbidden",
    Intruder "intruder",
    BlobRefused "blob-refused",
    BackupOverdue "backup-overdue",
    NoRoom "no-room",
    ClockJumped "clock-jumped",
);
