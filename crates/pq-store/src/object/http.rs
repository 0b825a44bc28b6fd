//! The HTTP client under the clients of `object_store`: it writes answers down, gives large
//! bodies the time that they need, and adds the condition of a completed upload.

use super::call::{Answer, Call};
use async_trait::async_trait;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
    ReqwestConnector,
};
use object_store::{ClientOptions, HeaderValue};
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Bytes of a body that the usual time is enough for.
const SMALL: usize = 1 << 20;
/// What a request with a large body may take, and how many bytes a second it must at least send.
const PATIENCE: Duration = Duration::from_secs(30);
const SLOWEST: u64 = 128 << 10;

/// Makes the client of one store.
#[derive(Debug)]
pub(super) struct Connector {
    /// Whether the user said how long a request may take.
    pub(super) has_timeout: bool,
    pub(super) shared: Shared,
}

/// The client that a store made last: the one for its objects. Clients of other kinds, such as
/// those that ask for credentials, are made before it.
pub(super) type Shared = Arc<Mutex<Option<HttpClient>>>;

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let connector = ReqwestConnector::default();
        let usual = connector.connect(options)?;
        let patient = match self.has_timeout {
            true => usual.clone(),
            false => connector.connect(&options.clone().with_timeout_disabled())?,
        };
        let has_timeout = self.has_timeout;
        let client = HttpClient::new(Watched {
            usual,
            patient,
            has_timeout,
        });
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        *shared = Some(client.clone());
        Ok(client)
    }
}

/// Hands out the client that another connector made last, with its connections.
#[derive(Debug)]
pub(super) struct Reuse(pub(super) Connector);

impl HttpConnector for Reuse {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let shared = self
            .0
            .shared
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match shared {
            Some(client) => Ok(client),
            None => self.0.connect(options),
        }
    }
}

struct Watched {
    usual: HttpClient,
    patient: HttpClient,
    has_timeout: bool,
}

/// Shows nothing: what is inside may hold secrets.
impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpService for Watched {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let call = Call::current();
        if let Some(call) = &call {
            call.attempt();
            if let Some((header, value)) = call.completion()
                && completes_upload(&request)
            {
                let value = HeaderValue::from_str(value)
                    .map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?;
                request.headers_mut().insert(header, value);
            }
        }
        let answer = self.execute(request).await;
        if let Some(call) = &call {
            call.answered(match &answer {
                Ok(response) => Answer::Status(response.status().as_u16()),
                Err(error) if error.kind() == HttpErrorKind::Connect => Answer::NotSent,
                Err(_) => Answer::Lost,
            });
        }
        answer
    }
}

impl Watched {
    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let length = request.body().content_length();
        if self.has_timeout || length <= SMALL {
            return self.usual.execute(request).await;
        }
        let patience = PATIENCE + Duration::from_secs(length as u64 / SLOWEST);
        match tokio::time::timeout(patience, self.patient.execute(request)).await {
            Ok(answer) => answer,
            Err(_) => {
                let late = io::Error::from(io::ErrorKind::TimedOut);
                Err(HttpError::new(HttpErrorKind::Timeout, late))
            }
        }
    }
}

/// Whether this is the request of S3 that makes an object of uploaded parts.
fn completes_upload(request: &HttpRequest) -> bool {
    let query = request.uri().query().unwrap_or_default();
    request.method().as_str() == "POST" && query.starts_with("uploadId=")
}
