use proc_macro::{Span, TokenStream};

/// Why an attribute cannot be understood, and where.
pub struct Wrong {
    at: Span,
    what: String,
}

impl Wrong {
    pub fn new(at: Span, what: impl Into<String>) -> Wrong {
        Wrong { at, what: what.into() }
    }

    pub fn into_tokens(self) -> TokenStream {
        let error: TokenStream = format!("::core::compile_error!({:?});", self.what).parse().expect("valid Rust");
        error
            .into_iter()
            .map(|mut token| {
                token.set_span(self.at);
                token
            })
            .collect()
    }
}
