use std::fmt;
use std::path::{Path, PathBuf};

use config::{Config, ConfigError, File, FileFormat, Map, Source as _, Value, ValueKind};
use xgateway::core::secret::{PersonalText, scrub};

use super::table::Number;
use super::{Key, SettingsError};
use crate::small_file;

/// The file that is read from the current folder if no other is named.
const FILE: &str = "xgateway.toml";
const PREFIX: &str = "XGATEWAY";
/// What marks the values of the file, whose name need not be a text.
const IN_FILE: &str = "the file";

/// What opens a sandbox that others can reach. It is no setting, so that no file tells it by mistake.
const SANDBOX_TOKEN: &str = "sandbox_token";

type Values = Map<String, Value>;

/// What the command line says about settings. Secrets cannot be among it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags {
    pub(crate) file: Option<PathBuf>,
    pub(crate) environment: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) api_key_file: Option<PathBuf>,
    pub(crate) journal: Option<PathBuf>,
    pub(crate) timeout_seconds: Option<u64>,
    pub(crate) deposit_timeout_seconds: Option<u64>,
    /// What a command's own flags say.
    pub(crate) numbers: Vec<(Key, u32)>,
}

/// Which layer a value comes from; the later wins.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Origin {
    Default,
    File(PathBuf),
    Environment,
    Flag,
}

/// The secret that a served sandbox shall ask for, if the environment has one.
#[expect(
    clippy::disallowed_methods,
    reason = "the module of settings is where the environment is read"
)]
pub(crate) fn sandbox_token() -> Option<String> {
    let name = format!("{PREFIX}_{}", SANDBOX_TOKEN.to_uppercase());
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// All layers, merged.
pub(crate) struct Layers {
    merged: Values,
    file: Option<PathBuf>,
    flags: Vec<Key>,
    /// Variables that look like settings and are none.
    pub(crate) ignored: Vec<String>,
    /// Variables that are settings and hold nothing.
    pub(crate) empty: Vec<String>,
    /// What the table `paths` of the file says: operations and their paths.
    pub(crate) paths: Vec<(String, String)>,
}

impl Layers {
    /// Reads and merges all layers.
    pub(crate) fn read(flags: &Flags) -> Result<Self, SettingsError> {
        let mut builder = Config::builder();
        for key in Key::ALL {
            if let Some(value) = key.default() {
                builder = builder.set_default(key.name(), value).map_err(impossible)?;
            }
        }

        let mut file = file(flags)?;
        let mut paths = Vec::new();
        if let Some((path, values)) = &mut file {
            paths = take_paths(path, values)?;
            if let Some(key) = unknown(values) {
                return Err(SettingsError::UnknownKey {
                    path: path.clone(),
                    key: scrub(&key).into_owned(),
                });
            }
            // Merging would forget where a table comes from.
            if let Some(key) = Key::ALL.iter().find(|key| is_table(values.get(key.name()))) {
                return Err(SettingsError::Wrong {
                    key: key.name(),
                    origin: Origin::File(path.clone()),
                    expected: key.expected(),
                });
            }
            builder = builder.add_source(Layer(values.clone()));
        }

        let environment = config::Environment::with_prefix(PREFIX)
            .prefix_separator("_")
            .collect()
            // Its message would repeat the value.
            .map_err(|_| SettingsError::Unicode {
                names: not_unicode(),
            })?;
        let (known, others): (Map<_, _>, Map<_, _>) = environment
            .into_iter()
            .filter(|(name, _)| name != SANDBOX_TOKEN)
            .partition(|(name, _)| is_key(name));
        let is_empty =
            |value: &Value| matches!(&value.kind, ValueKind::String(text) if text.is_empty());
        let (empty, known): (Map<_, _>, Map<_, _>) =
            known.into_iter().partition(|(_, value)| is_empty(value));
        let others = others.into_iter().filter(|(_, value)| !is_empty(value));
        let ignored = variables(others.map(|(name, _)| name));
        let empty = variables(empty.into_keys());
        builder = builder.add_source(Layer(known));

        let mut given = Vec::new();
        for (key, value) in flags.values() {
            builder = builder
                .set_override(key.name(), value)
                .map_err(impossible)?;
            given.push(key);
        }
        let merged = builder.build().map_err(impossible)?;
        Ok(Self {
            // Asking `Config` for a value would forget where it comes from.
            merged: merged.cache.into_table().map_err(impossible)?,
            file: file.map(|(path, _)| path),
            flags: given,
            ignored,
            empty,
            paths,
        })
    }

    /// Where the value of a setting comes from; `None` if there is none.
    pub(crate) fn origin(&self, key: Key) -> Option<Origin> {
        let value = self.merged.get(key.name())?;
        Some(if self.flags.contains(&key) {
            Origin::Flag
        } else {
            match (value.origin(), &self.file) {
                (Some(IN_FILE), Some(path)) => Origin::File(path.clone()),
                (Some(_), _) => Origin::Environment,
                (None, _) => Origin::Default,
            }
        })
    }

    /// The text of a setting. A whole number in the file counts as its text where one is wanted.
    pub(crate) fn text(&self, key: Key) -> Result<Option<String>, SettingsError> {
        let Some(value) = self.merged.get(key.name()) else {
            return Ok(None);
        };
        let number = key.number();
        // A file tells numbers from texts; a variable is a text in any case.
        let is_wrong = number.is_some() && matches!(self.origin(key), Some(Origin::File(_)));
        if let (ValueKind::String(text), false) = (&value.kind, is_wrong) {
            return Ok(Some(text.clone()));
        }
        if let (ValueKind::I64(value), true) = (&value.kind, number.is_some()) {
            return Ok(Some(value.to_string()));
        }
        Err(self.wrong(key, key.expected()))
    }

    /// The whole number of a setting that is one.
    pub(crate) fn number(&self, key: Key) -> Result<u32, SettingsError> {
        let Number { range, expected } = key.number().expect("it is asked of numbers only");
        let text = self.text(key)?.unwrap_or_default();
        text.parse()
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.wrong(key, expected))
    }

    /// The path of a setting; in the file it starts from the file's own folder.
    pub(crate) fn path(&self, key: Key) -> Result<Option<PathBuf>, SettingsError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        Ok(Some(match self.origin(key) {
            Some(Origin::File(file)) => file.parent().unwrap_or(Path::new("")).join(text),
            _ => PathBuf::from(text),
        }))
    }

    /// What of the files that hold secrets every user of this machine can read: such a file, in words.
    pub(crate) fn readable_secrets(&self) -> Result<Vec<String>, SettingsError> {
        let mut readable = Vec::new();
        let holds_secret =
            |key: &&Key| key.is_secret() && matches!(self.origin(**key), Some(Origin::File(_)));
        if let (Some(path), true) = (&self.file, Key::ALL.iter().any(|key| holds_secret(&key)))
            && is_open_to_all(path)
        {
            readable.push(format!("the secrets in {}", path.display()));
        }
        for key in Key::SECRET_FILES {
            if self.path(key)?.is_some_and(|path| is_open_to_all(&path)) {
                // Without the path: whoever mistakes one setting for the other puts the key itself there.
                readable.push(format!("the file that `{}` names", key.name()));
            }
        }
        Ok(readable)
    }

    /// Says that a value cannot be used.
    pub(crate) fn wrong(&self, key: Key, expected: &'static str) -> SettingsError {
        SettingsError::Wrong {
            key: key.name(),
            origin: self.origin(key).unwrap_or(Origin::Default),
            expected,
        }
    }
}

impl Flags {
    fn values(&self) -> Vec<(Key, String)> {
        let path = |path: &Option<PathBuf>| {
            let path = path.as_ref();
            path.map(|path| path.to_string_lossy().into_owned())
        };
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        [
            (Key::Environment, self.environment.clone()),
            (Key::Url, self.url.clone()),
            (Key::ApiKeyFile, path(&self.api_key_file)),
            (Key::Journal, path(&self.journal)),
            (Key::TimeoutSeconds, number(self.timeout_seconds)),
            (
                Key::DepositTimeoutSeconds,
                number(self.deposit_timeout_seconds),
            ),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .chain(
            self.numbers
                .iter()
                .map(|(key, number)| (*key, number.to_string())),
        )
        .collect()
    }
}

/// A layer that has been read and checked.
#[derive(Clone)]
struct Layer(Values);

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layer(**)") // Secrets may be among the values.
    }
}

impl config::Source for Layer {
    fn clone_into_box(&self) -> Box<dyn config::Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Values, ConfigError> {
        Ok(self.0.clone())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the defaults"),
            Self::File(path) => path.display().fmt(f),
            Self::Environment => f.write_str("the environment"),
            Self::Flag => f.write_str("the command line"),
        }
    }
}

/// The file that is named, or else the one in the current folder if there is one.
fn file(flags: &Flags) -> Result<Option<(PathBuf, Values)>, SettingsError> {
    let path = flags.file.clone().unwrap_or_else(|| PathBuf::from(FILE));
    let text = match small_file::text(&path) {
        Ok(text) => PersonalText::from(text),
        Err(_) if flags.file.is_none() && small_file::is_absent(&path) => return Ok(None),
        Err(source) => return Err(SettingsError::File { path, source }),
    };
    let values = File::from_str(text.expose(), FileFormat::Toml)
        .collect()
        .map_err(|error| SettingsError::Syntax {
            place: place(&error),
            path: path.clone(),
        })?;
    let origin = IN_FILE.to_owned();
    let values = values
        .into_iter()
        .map(|(name, value)| (name, Value::new(Some(&origin), value.kind)))
        .collect();
    Ok(Some((path, values)))
}

/// Where the syntax breaks: ` at line 3, column 7`. The parser's message also quotes the line, which may hold a key.
fn place(error: &ConfigError) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    match first.find(" at line ") {
        Some(at) => first[at..]
            .chars()
            .take_while(|char| char.is_ascii_alphanumeric() || " ,".contains(*char))
            .collect(),
        None => String::new(),
    }
}

/// Takes the table `paths` out, which holds names of operations and no settings.
fn take_paths(path: &Path, values: &mut Values) -> Result<Vec<(String, String)>, SettingsError> {
    let wrong = || SettingsError::NoPaths {
        path: path.to_owned(),
    };
    let Some(value) = values.remove("paths") else {
        return Ok(Vec::new());
    };
    let ValueKind::Table(table) = value.kind else {
        return Err(wrong());
    };
    let mut paths = Vec::new();
    for (operation, value) in table {
        let ValueKind::String(template) = value.kind else {
            return Err(wrong());
        };
        paths.push((operation, template));
    }
    paths.sort();
    Ok(paths)
}

/// The variables of the environment that stand for these names.
fn variables(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = names
        .map(|name| format!("{PREFIX}_{}", name.to_uppercase()))
        .collect();
    names.sort();
    names
}

/// The variables of ours whose values are no text.
fn not_unicode() -> String {
    let mut names: Vec<_> = std::env::vars_os()
        .filter(|(_, value)| value.to_str().is_none())
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .filter(|name| name.to_uppercase().starts_with(PREFIX))
        .map(|name| scrub(&name).into_owned())
        .collect();
    names.sort();
    names.join(", ")
}

#[cfg(unix)]
fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    let file = std::fs::metadata(path);
    file.is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_open_to_all(_: &Path) -> bool {
    false
}

fn is_table(value: Option<&Value>) -> bool {
    value.is_some_and(|value| matches!(value.kind, ValueKind::Table(_)))
}

fn is_key(name: &str) -> bool {
    Key::ALL.iter().any(|key| key.name() == name)
}

/// The path of a key that is no setting: `sandbox.port`.
fn unknown(values: &Values) -> Option<String> {
    let mut names: Vec<_> = values.keys().filter(|name| !is_key(name)).collect();
    names.sort();
    let name = names.first()?;
    let mut path = (*name).clone();
    let mut value = &values[*name];
    while let ValueKind::Table(inner) = &value.kind {
        let Some(next) = inner.keys().min() else {
            break;
        };
        path.push('.');
        path.push_str(next);
        value = &inner[next];
    }
    Some(path)
}

fn impossible(_: ConfigError) -> SettingsError {
    // Keys are plain names and layers are read before they are merged.
    SettingsError::Unicode {
        names: format!("{PREFIX}_*"),
    }
}
