use std::io;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::TcpStream;

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Which connection it came on, counted from zero.
    pub(crate) connection: usize,
    pub(crate) method: String,
    pub(crate) target: String,
    /// Names in lower case, in the order of the wire.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// The values of the header `name`, in order.
    pub(crate) fn values(&self, name: &str) -> Vec<&[u8]> {
        self.headers
            .iter()
            .filter(|(it, _)| it == name)
            .map(|(_, value)| value.as_slice())
            .collect()
    }

    /// Reads a request to its end.
    pub(super) async fn read(
        connection: usize,
        stream: &mut BufReader<TcpStream>,
    ) -> io::Result<Self> {
        let first = read_line(stream).await?;
        let first = String::from_utf8_lossy(&first).into_owned();
        let mut words = first.split(' ').map(str::to_owned);
        let mut seen = Self {
            connection,
            method: words.next().unwrap_or_default(),
            target: words.next().unwrap_or_default(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        loop {
            let line = read_line(stream).await?;
            if line.is_empty() {
                break;
            }
            let colon = line.iter().position(|byte| *byte == b':');
            let (name, value) = line.split_at(colon.unwrap_or(line.len()));
            seen.headers.push((
                String::from_utf8_lossy(name).to_ascii_lowercase(),
                value.get(1..).unwrap_or_default().trim_ascii().to_vec(),
            ));
        }
        seen.body = if seen.values("transfer-encoding").is_empty() {
            let length = seen.values("content-length").first().map_or(0, |value| {
                String::from_utf8_lossy(value).parse().unwrap_or(0)
            });
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await?;
            body
        } else {
            read_chunks(stream).await?
        };
        Ok(seen)
    }
}

/// An answer with `status` and `body`, and `headers` as lines.
pub(crate) fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = match status {
        // They have no body, and must not announce one.
        204 | 304 => String::new(),
        _ => format!("content-length: {}\r\n", body.len()),
    };
    let mut bytes = format!("HTTP/1.1 {status} Any\r\n{length}{headers}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

async fn read_chunks(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(stream).await?;
        let length = usize::from_str_radix(&String::from_utf8_lossy(&line), 16)
            .map_err(|err| io::Error::new(io::ErrorKind::InvalidData, err))?;
        let start = body.len();
        body.resize(start + length, 0);
        stream.read_exact(&mut body[start..]).await?;
        read_line(stream).await?;
        if length == 0 {
            return Ok(body);
        }
    }
}

/// A line without its end.
async fn read_line(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await?;
    if line.pop() != Some(b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(line)
}
