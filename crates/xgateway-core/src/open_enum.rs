//! Enums of the gateway that may grow: a value that is not known is kept as text.

/// Declares an enum whose unknown values are kept.
///
/// ```
/// xgateway_core::open_enum::open_enum! {
///     /// How an order stands.
///     pub enum State {
///         /// Done.
///         Done = "done",
///     }
/// }
///
/// assert_eq!(State::from("done"), State::Done);
/// assert_eq!(State::from("new").as_str(), "new");
/// assert!(!State::from("new").is_known());
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __open_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $( $(#[$variant_doc:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_doc])* $variant, )+
            /// A value that this version does not know, as its text.
            Unknown(Box<str>),
        }

        impl $name {
            /// Every value that is known, in the order of the OpenAPI document.
            pub const KNOWN: &'static [Self] = &[$( Self::$variant, )+];

            /// The value as the gateway writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unknown(text) => text,
                }
            }

            /// Whether this version knows the value.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    other => Self::Unknown(other.into()),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::open_enum::deserialize_text(deserializer)
            }
        }
    };
}

#[doc(inline)]
pub use crate::__open_enum as open_enum;

/// Reads a text and makes a value of it.
///
/// # Errors
///
/// What the deserializer says if there is no text.
pub fn deserialize_text<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: serde::Deserializer<'de>,
{
    struct Visitor<T>(std::marker::PhantomData<T>);

    impl<T: for<'a> From<&'a str>> serde::de::Visitor<'_> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }
    }

    deserializer.deserialize_str(Visitor(std::marker::PhantomData))
}
