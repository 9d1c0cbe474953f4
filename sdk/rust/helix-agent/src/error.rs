use std::fmt;

/// The result of whatever may fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the host refused: the error codes of ABI helix/1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// There is no such thing.
    NotFound,
    /// The manifest does not ask for it, or the operator does not grant it.
    Denied,
    /// Not UTF-8, not JSON, or not what was expected.
    Invalid,
    /// A bound is exceeded.
    Limit,
    /// May work later.
    Unavailable,
    /// The host failed.
    Internal,
    /// This host cannot do that.
    Unsupported,
    /// A code that this version of the SDK does not know.
    Other(i32),
}

impl Code {
    const KNOWN: [Code; 7] = [
        Code::NotFound,
        Code::Denied,
        Code::Invalid,
        Code::Limit,
        Code::Unavailable,
        Code::Internal,
        Code::Unsupported,
    ];

    /// The negative number of the ABI.
    pub fn number(self) -> i32 {
        match self {
            Code::NotFound => -1,
            Code::Denied => -2,
            Code::Invalid => -3,
            Code::Limit => -4,
            Code::Unavailable => -5,
            Code::Internal => -6,
            Code::Unsupported => -7,
            Code::Other(number) => number,
        }
    }

    pub(crate) fn of(number: i32) -> Code {
        Code::KNOWN.iter().copied().find(|code| code.number() == number).unwrap_or(Code::Other(number))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Code::NotFound => "not found",
            Code::Denied => "denied",
            Code::Invalid => "invalid",
            Code::Limit => "limit exceeded",
            Code::Unavailable => "unavailable",
            Code::Internal => "internal error",
            Code::Unsupported => "unsupported",
            Code::Other(number) => return write!(f, "error {number}"),
        })
    }
}

/// Why a handler or a host function failed. Every standard error turns into a permanent one with `?`.
///
/// It does not implement [`std::error::Error`]: only so can it be made of everything that does.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    code: Option<Code>,
    reason: String,
    retryable: bool,
}

impl Error {
    /// The same call will fail again.
    pub fn failed(reason: impl Into<String>) -> Error {
        Error { code: None, reason: reason.into(), retryable: false }
    }

    /// The same call may succeed later.
    pub fn retry(reason: impl Into<String>) -> Error {
        Error { code: None, reason: reason.into(), retryable: true }
    }

    /// What the host said. [`Code::Unavailable`] may succeed later, all others are permanent.
    pub fn host(code: Code, reason: impl Into<String>) -> Error {
        let reason = reason.into();
        let reason = if reason.is_empty() { code.to_string() } else { reason };
        Error { code: Some(code), reason, retryable: code == Code::Unavailable }
    }

    /// The code, when the host gave one.
    pub fn code(&self) -> Option<Code> {
        self.code
    }

    /// The reason, for people.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// Puts what was tried before the reason.
    #[must_use]
    pub fn context(mut self, tried: impl fmt::Display) -> Error {
        self.reason = format!("{tried}: {}", self.reason);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.retryable { "retry" } else { "failed" };
        match self.code {
            Some(code) => write!(f, "{kind} ({code}): {}", self.reason),
            None => write!(f, "{kind}: {}", self.reason),
        }
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Error {
        Error::failed(error.to_string())
    }
}
