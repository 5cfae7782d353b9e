//! What can happen in a history, by name, and how often it did.

use std::fmt;

/// An enumeration whose kinds can be listed and told in words.
macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($kind:ident = $words:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) enum $name { $($kind,)+ }

        impl $name {
            /// Every kind.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// It in words.
            pub(crate) fn words(self) -> &'static str {
                match self { $(Self::$kind => $words,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.words())
            }
        }
    };
}

kinds! {
    /// Who draws from the tape.
    Track {
        Plan = "plan",
        FirstOrder = "order-1",
        SecondOrder = "order-2",
        ThirdOrder = "order-3",
        FirstSaver = "saver-1",
        SecondSaver = "saver-2",
        Receiver = "receiver",
        Worker = "worker",
        OtherWorker = "other-worker",
        Resumer = "resumer",
        CardCallbacks = "callbacks-of-orders",
        FirstSaverCallbacks = "callbacks-of-saver-1",
        SecondSaverCallbacks = "callbacks-of-saver-2",
        FirstNewcomer = "newcomer-1",
        SecondNewcomer = "newcomer-2",
        FirstNewcomerCallbacks = "callbacks-of-newcomer-1",
        SecondNewcomerCallbacks = "callbacks-of-newcomer-2",
        Accounts = "accounts",
        NewcomersReceiver = "receiver-of-newcomers",
        SecondProcessWorker = "worker-of-second-process",
        SecondProcessResumer = "resumer-of-second-process",
        Person = "person",
    }
}

kinds! {
    /// What goes wrong with a request or its answer.
    RequestFault {
        ConnectionRefused = "the connection is refused",
        Lost = "the request is lost",
        Reset = "the connection is reset before the request has arrived",
        Delayed = "the request is delayed",
        Duplicated = "the request arrives twice",
        ProxyBeforeCommit = "a proxy answers 502, the request has not arrived",
        Overloaded = "the gateway answers 503 and does nothing",
        AnswerLost = "the answer is lost",
        AnswerReset = "the connection is reset after the request has left",
        AnswerDelayed = "the answer is delayed",
        AnswerCut = "the answer is cut off",
        AnswerGarbled = "the answer is no HTTP",
        ProxyAfterCommit = "a proxy answers 502, the request has arrived",
    }
}

kinds! {
    /// What goes wrong with a callback.
    CallbackFault {
        Lost = "the callback is lost",
        Delayed = "the callback is delayed",
        Duplicated = "the callback arrives twice",
        AnswerLost = "the answer to the callback is lost",
        Forged = "somebody sends the callback again as confirmed, or with another account",
    }
}

kinds! {
    /// What else goes wrong, or happens when nobody expects it.
    Fault {
        SentAgain = "the same deposit is sent again, with its order id",
        DeclineTurned = "the bank confirms after all what was declined",
        SubmittedTwice = "the customer submits the form twice",
        CustomerGone = "the customer is gone, and the request is dropped",
        NobodyThere = "the callback finds nobody",
        StoreFailsBefore = "the store fails before it commits",
        StoreFailsAfter = "the store fails after it has committed",
        Deploy = "the merchant is stopped and started with other keys",
        KeysRotated = "the gateway has new keys",
        MerchantClockForward = "the merchant's clock jumps forward",
        MerchantClockFarForward = "the merchant's clock jumps forward by more than the grace",
        MerchantClockBack = "the merchant's clock jumps back",
        GatewayClockForward = "the gateway's clock jumps forward",
        LateStorm = "the weather turns bad again after hours",
        SecondProcess = "a second process of the merchant works beside the first",
        CallbackGivenUp = "the gateway gives a callback up",
        FoundInBackOffice = "a person finds in the back office what a callback that was given up had told",
        SlowHandler = "what is done about a callback takes its time",
        LimitEnds = "a time limit ends, and what it limits is dropped",
        Replayed = "a person has a callback processed once more that took too long too often",
    }
}

kinds! {
    /// What goes wrong when the weather turns bad again after hours in which nothing happened.
    Late {
        Request = "a request or its answer, hours later",
        Callback = "a callback, hours later",
        Store = "a store, hours later",
        Crash = "a crash, hours later",
    }
}

kinds! {
    /// A place where the merchant waits: for the network, a store, or for time to pass. It may end there.
    Point {
        BeforeDeposit = "before the deposit is sent",
        WithinDeposit = "while the deposit is under way",
        AfterDeposit = "after the deposit was answered",
        BeforeInvoice = "before the invoice is read",
        WithinInvoice = "while the invoice is read",
        AfterInvoice = "after the invoice was read",
        BeforeTransaction = "before the transaction is read",
        WithinTransaction = "while the transaction is read",
        AfterTransaction = "after the transaction was read",
        BeforeAddress = "before the address is asked for",
        WithinAddress = "while the address is asked for",
        AfterAddress = "after the address was given",
        BeforeProfile = "before the profile is sent, or its correction",
        WithinProfile = "while the profile is under way, or its correction",
        AfterProfile = "after the profile was answered, or its correction",
        BeforeApplicant = "before the applicant is sent",
        WithinApplicant = "while the applicant is under way",
        AfterApplicant = "after the applicant was answered",
        BeforeDocument = "before a document is sent",
        WithinDocument = "while a document is under way",
        AfterDocument = "after a document was answered",
        BeforeVerification = "before the verification is asked for",
        WithinVerification = "while the start of the verification is under way",
        AfterVerification = "after the start of the verification was answered",
        BeforeAccount = "before the account is asked for",
        WithinAccount = "while the request for an account is under way",
        AfterAccount = "after the request for an account was answered",
        BeforeKyc = "before the KYC status is read",
        WithinKyc = "while the KYC status is read",
        AfterKyc = "after the KYC status was read",
        BeforeAccounts = "before the accounts are read",
        WithinAccounts = "while the accounts are read",
        AfterAccounts = "after the accounts were read",
        BeforeOnboarding = "before the onboarding is stored",
        AfterOnboarding = "after the onboarding was stored",
        BeforeBegin = "before the intent is journalled",
        AfterBegin = "after the intent was journalled",
        BeforeNote = "before progress is journalled",
        AfterNote = "after progress was journalled",
        BeforeFinish = "before the end is journalled",
        AfterFinish = "after the end was journalled",
        BeforeRecall = "before the journal is read",
        AfterRecall = "after the journal was read",
        BeforeSnapshot = "before deposits of a customer are stored",
        AfterSnapshot = "after deposits of a customer were stored",
        BeforeCredit = "before the credit is committed",
        AfterCredit = "after the credit was committed",
        BeforeAccept = "before the callback is stored",
        AfterAccept = "after the callback was stored",
        BeforeClaim = "before callbacks are claimed",
        AfterClaim = "after callbacks were claimed",
        BeforeComplete = "before the callback is completed",
        AfterComplete = "after the callback was completed",
        BeforeRetry = "before the callback is put back",
        AfterRetry = "after the callback was put back",
        BeforeDead = "before the callback is given up",
        AfterDead = "after the callback was given up",
        BeforeIsDone = "before an effect is looked up",
        AfterIsDone = "after an effect was looked up",
        WithinPause = "while it waits",
    }
}

kinds! {
    /// How a payment or an onboarding stands when its history is over.
    End {
        CardNeverBegun = "card: nothing was ever sent",
        CardCharged = "card: charged",
        CardDeclined = "card: declined",
        CardNotTaken = "card: not taken",
        CardChargedInLaterRound = "card: not taken, then charged under the same order id",
        CardChargedAtLaterAttempt = "card: declined, then charged at another attempt",
        CardGivenBack = "card: paid twice, and one payment given back by a person",
        ChannelCredited = "address: credited",
        ChannelFailed = "address: failed",
        ChannelTurned = "address: failed, then credited",
        Onboarded = "onboarding: done",
        OnboardedAfterCorrection = "onboarding: failed, corrected, done",
        OnboardingWaits = "onboarding: failed, waits for the customer's correction",
        OnboardingRejected = "onboarding: rejected",
        OnboardingReversed = "onboarding: done, reversed, rejected",
        CallbackDead = "callback: given up, for a person to look at",
    }
}

/// How often each kind happened.
#[derive(Clone, Debug)]
pub(crate) struct Coverage {
    requests: [u64; RequestFault::ALL.len()],
    callbacks: [u64; CallbackFault::ALL.len()],
    faults: [u64; Fault::ALL.len()],
    late: [u64; Late::ALL.len()],
    crashes: [u64; Point::ALL.len()],
    ends: [u64; End::ALL.len()],
}

impl Default for Coverage {
    fn default() -> Self {
        Self {
            requests: [0; RequestFault::ALL.len()],
            callbacks: [0; CallbackFault::ALL.len()],
            faults: [0; Fault::ALL.len()],
            late: [0; Late::ALL.len()],
            crashes: [0; Point::ALL.len()],
            ends: [0; End::ALL.len()],
        }
    }
}

impl Coverage {
    pub(crate) fn request(&mut self, fault: RequestFault) {
        self.requests[fault as usize] += 1;
    }

    pub(crate) fn callback(&mut self, fault: CallbackFault) {
        self.callbacks[fault as usize] += 1;
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        self.faults[fault as usize] += 1;
    }

    pub(crate) fn late(&mut self, late: Late) {
        self.late[late as usize] += 1;
    }

    pub(crate) fn crash(&mut self, point: Point) {
        self.crashes[point as usize] += 1;
    }

    pub(crate) fn end(&mut self, end: End) {
        self.ends[end as usize] += 1;
    }

    /// Takes in what happened elsewhere.
    pub(crate) fn add(&mut self, other: &Self) {
        add(&mut self.requests, &other.requests);
        add(&mut self.callbacks, &other.callbacks);
        add(&mut self.faults, &other.faults);
        add(&mut self.late, &other.late);
        add(&mut self.crashes, &other.crashes);
        add(&mut self.ends, &other.ends);
    }

    /// Every kind of each sort, with how often it happened.
    pub(crate) fn rows(&self) -> Vec<(&'static str, &'static str, u64)> {
        let requests = RequestFault::ALL.iter().map(|kind| kind.words());
        let callbacks = CallbackFault::ALL.iter().map(|kind| kind.words());
        let faults = Fault::ALL.iter().map(|kind| kind.words());
        let late = Late::ALL.iter().map(|kind| kind.words());
        let crashes = Point::ALL.iter().map(|kind| kind.words());
        let ends = End::ALL.iter().map(|kind| kind.words());
        let faults = requests
            .zip(self.requests)
            .chain(callbacks.zip(self.callbacks))
            .chain(faults.zip(self.faults));
        let sorted = |sort| move |(words, count)| (sort, words, count);
        faults
            .map(sorted("fault"))
            .chain(late.zip(self.late).map(sorted("late")))
            .chain(crashes.zip(self.crashes).map(sorted("crash")))
            .chain(ends.zip(self.ends).map(sorted("end")))
            .collect()
    }
}

fn add(sums: &mut [u64], more: &[u64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}
