//! Operations and callbacks.

use std::collections::HashSet;

use heck::ToUpperCamelCase as _;
use openapiv3::{
    MediaType, Parameter as ApiParameter, ParameterData, ParameterSchemaOrContent, PathItem,
    ReferenceOr, RequestBody, Response, Schema as ApiSchema, SchemaKind as ApiSchemaKind,
    StatusCode, Type as ApiType,
};

use super::extension::Extensions;
use super::field::sensitivity;
use super::{ENVIRONMENTS, Reader};
use crate::codegen::document::{Document, component};
use crate::codegen::model::{
    Answer, Field, Object, Operation, Parameter, Role, Schema, SchemaKind, Type,
};
use crate::codegen::name;
use crate::codegen::place::{Place, Refusal};
use crate::codegen::source::SourceKind;

const JSON: &str = "application/json";
const FORM: &str = "multipart/form-data";

impl Reader<'_> {
    /// Every operation, in the order of the document; reads the schemas that they use.
    pub(super) fn operations(&mut self) -> Result<Vec<Operation>, Refusal> {
        let document = self.document;
        let place = Place::root().at("paths");
        let mut operations = Vec::new();
        for (path, item) in &document.api.paths.paths {
            let ReferenceOr::Item(item) = item else {
                return place.at(path).refuse("a path must stand here itself");
            };
            for (method, operation) in item.iter() {
                let place = place.at(path).at(method);
                operations.push(self.operation(path, method, operation, place)?);
            }
        }
        Ok(operations)
    }

    fn operation(
        &mut self,
        path: &str,
        method: &str,
        operation: &openapiv3::Operation,
        place: Place,
    ) -> Result<Operation, Refusal> {
        let extensions = Extensions::new(&operation.extensions, &place);
        let Some(id) = &operation.operation_id else {
            return place.refuse("`operationId` is missing");
        };
        let Some(summary) = &operation.summary else {
            return place.refuse("`summary` is missing");
        };
        let called = extensions.text("x-rust-name")?.unwrap_or(id);
        let name = name::snake(called, &place)?;
        let (body, form) = match self.body(operation.request_body.as_ref(), &place)? {
            Some(Body::Json(name)) => (Some(name), None),
            Some(Body::Form(name)) => (None, Some(name)),
            None => (None, None),
        };
        let body_bytes_max = match extensions
            .map("x-limits")?
            .and_then(|it| it.get("body-bytes"))
        {
            Some(bytes) => bytes.as_u64(),
            None if body.is_none() && form.is_none() => Some(0),
            None => None,
        };
        let Some(body_bytes_max) = body_bytes_max else {
            return place.refuse("an operation with a body needs `x-limits` with `body-bytes`");
        };
        let (answers, data) = self.answers(&operation.responses, &place.at("responses"))?;
        for (name, callback) in &operation.callbacks {
            let place = place.at("callbacks").at(name);
            for (expression, item) in callback {
                self.callback(item, &place.at(expression))?;
            }
        }
        let security = operation.security.as_ref();
        let security = security.or(self.document.api.security.as_ref());
        let idempotency_key = body.as_ref().and_then(|body| self.idempotency_key(body));
        let (parameters, fields) = self.parameters(path, &operation.parameters, &place)?;
        if (body.is_some() || form.is_some()) && !fields.is_empty() {
            return place.refuse("a query beside a body is not supported");
        }
        let query = (!fields.is_empty()).then(|| Schema {
            name: name.to_upper_camel_case(),
            rust: name.to_upper_camel_case(),
            docs: summary.clone(),
            place: place.clone(),
            role: Role::Request,
            kind: SchemaKind::Object(Object {
                strict: false,
                fields,
                hashed: Vec::new(),
                path: Vec::new(),
            }),
        });
        if let Some(form) = &form {
            self.check_form(form, &parameters)?;
        }
        let path_inferred = self
            .sources
            .at(&place)
            .iter()
            .any(|claim| claim.subject == "path" && claim.kind == SourceKind::Inferred);
        Ok(Operation {
            name,
            id: id.clone(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: summary.clone(),
            needs_key: security.is_some_and(|schemes| !schemes.is_empty()),
            moves_money: extensions.flag("x-money")?,
            environment: extensions
                .word("x-environment", ENVIRONMENTS)?
                .map(str::to_owned),
            parameters,
            query,
            body,
            form,
            path_inferred,
            body_bytes_max,
            idempotency_key,
            answers,
            data,
            place,
        })
    }

    fn body(
        &mut self,
        body: Option<&ReferenceOr<RequestBody>>,
        place: &Place,
    ) -> Result<Option<Body>, Refusal> {
        let Some(ReferenceOr::Item(body)) = body else {
            return Ok(None);
        };
        let place = place.at("requestBody");
        if !body.required {
            return place.refuse("a body that may be missing is not supported");
        }
        let content = place.at("content");
        let mut medias = body.content.iter();
        if let (Some((FORM, media)), None) = (
            medias.next().map(|(kind, media)| (kind.as_str(), media)),
            medias.next(),
        ) {
            let name = schema_name(media, &content.at(FORM))?;
            self.schema(name, Role::Form, &[])?;
            return Ok(Some(Body::Form(name.to_owned())));
        }
        let media = one_media(body.content.iter(), &content)?;
        let Some(media) = media else {
            return content.refuse("`application/json` is missing");
        };
        let name = schema_name(media, &content.at(JSON))?;
        self.schema(name, Role::Request, &[])?;
        Ok(Some(Body::Json(name.to_owned())))
    }

    /// A form has one file, always, and beside it texts that become fields beside the parameters.
    fn check_form(&self, name: &str, parameters: &[Parameter]) -> Result<(), Refusal> {
        let schema = &self.schemas[name];
        let SchemaKind::Object(object) = &schema.kind else {
            return schema.place.refuse("a form is an object");
        };
        let mut taken = name::Names::default();
        for parameter in parameters {
            taken.take(&parameter.rust, &parameter.place)?;
        }
        let mut files = 0;
        for field in &object.fields {
            taken.take(&field.rust, &field.place)?;
            if field.nullable {
                return field.place.refuse("a part of a form cannot be null");
            }
            if let Type::Named(name) = &field.kind
                && !matches!(self.schemas[name].kind, SchemaKind::Enum(_))
            {
                return field
                    .place
                    .refuse("a part of a form is a text, an enum of texts or a file");
            }
            if let Type::File(_) = field.kind {
                if !field.required {
                    return field.place.refuse("the file of a form must be required");
                }
                files += 1;
            }
        }
        match files {
            1 => Ok(()),
            _ => schema.place.refuse("a form must have one file"),
        }
    }

    fn idempotency_key(&self, body: &str) -> Option<String> {
        match &self.schemas.get(body)?.kind {
            SchemaKind::Object(object) => object
                .fields
                .iter()
                .find(|field| field.idempotency_key)
                .map(|field| field.name.clone()),
            SchemaKind::Enum(_) | SchemaKind::OneOf(_) => None,
        }
    }

    /// The parameters of the path, in its order, and those of the query.
    fn parameters(
        &mut self,
        path: &str,
        parameters: &[ReferenceOr<ApiParameter>],
        place: &Place,
    ) -> Result<(Vec<Parameter>, Vec<Field>), Refusal> {
        let mut known = Vec::new();
        let mut query = Vec::new();
        for (index, parameter) in parameters.iter().enumerate() {
            let place = place.at("parameters").at(&index.to_string());
            let (parameter, place) = parameter_of(self.document, parameter, place)?;
            let data = match parameter {
                ApiParameter::Path { parameter_data, .. } => parameter_data,
                ApiParameter::Query { parameter_data, .. } => {
                    query.push(self.query_field(parameter_data, &place)?);
                    continue;
                }
                ApiParameter::Header { .. } | ApiParameter::Cookie { .. } => {
                    return place.refuse("only parameters of the path and the query are supported");
                }
            };
            if !matches!(&data.format, ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) if is_text(schema))
            {
                return place.at("schema").refuse("a parameter must be a text");
            }
            let extensions = Extensions::new(&data.extensions, &place);
            let called = extensions.text("x-rust-name")?.unwrap_or(&data.name);
            let parameter = Parameter {
                rust: name::snake(called, &place)?,
                docs: data.description.clone().unwrap_or_default(),
                personal: extensions.word("x-sensitive", &["pii"])?.is_some(),
                place,
            };
            known.push((data.name.as_str(), parameter));
        }
        let mut ordered: Vec<Parameter> = Vec::new();
        let mut taken = name::Names::default();
        // What the body is called beside the parameters.
        taken.take("body", &place.at("requestBody"))?;
        for segment in path.split('/') {
            let Some(name) = segment
                .strip_prefix('{')
                .and_then(|it| it.strip_suffix('}'))
            else {
                if segment.contains(['{', '}']) {
                    return place.refuse("a parameter must fill its segment of the path");
                }
                continue;
            };
            let Some(index) = known.iter().position(|(other, _)| *other == name) else {
                return place.refuse(format!("the path's parameter `{name}` is not described"));
            };
            let (_, parameter) = known.remove(index);
            taken.take(&parameter.rust, &parameter.place)?;
            ordered.push(parameter);
        }
        for field in &query {
            taken.take(&field.rust, &field.place)?;
        }
        match known.first() {
            Some((_, parameter)) => parameter.place.refuse("the path has no such parameter"),
            None => Ok((ordered, query)),
        }
    }

    /// A parameter of the query, which is a text or an enum of texts.
    fn query_field(&mut self, data: &ParameterData, place: &Place) -> Result<Field, Refusal> {
        let schema = place.at("schema");
        let extensions = Extensions::new(&data.extensions, place);
        let kind = match &data.format {
            ParameterSchemaOrContent::Schema(ReferenceOr::Item(item)) if is_text(item) => {
                let none = Extensions::new(&item.schema_data.extensions, &schema);
                self.property(item, Role::Request, &[], &none, &schema)?
            }
            ParameterSchemaOrContent::Schema(ReferenceOr::Reference { reference }) => {
                self.named(reference, Role::Request, &[], &schema)?
            }
            ParameterSchemaOrContent::Schema(ReferenceOr::Item(_))
            | ParameterSchemaOrContent::Content(_) => {
                return schema.refuse("a parameter must be a text or an enum of texts");
            }
        };
        if let Type::Named(name) = &kind
            && !matches!(self.schemas[name].kind, SchemaKind::Enum(_))
        {
            return schema.refuse("a parameter must be a text or an enum of texts");
        }
        let called = extensions.text("x-rust-name")?.unwrap_or(&data.name);
        Ok(Field {
            name: data.name.clone(),
            rust: name::snake(called, place)?,
            docs: data.description.clone().unwrap_or_default(),
            place: place.clone(),
            required: data.required,
            nullable: false,
            essential: false,
            readable: false,
            sensitive: sensitivity(&extensions, &kind, Role::Request)?,
            idempotency_key: false,
            kind,
            demo: None,
            test_cards: Vec::new(),
        })
    }

    fn answers(
        &mut self,
        responses: &openapiv3::Responses,
        place: &Place,
    ) -> Result<(Vec<Answer>, Option<Type>), Refusal> {
        if responses.default.is_some() {
            return place
                .at("default")
                .refuse("name each status: an answer that is not described is handled anyway");
        }
        let mut answers = Vec::new();
        let mut successes: Vec<(Place, Option<Type>)> = Vec::new();
        for (status, response) in &responses.responses {
            let place = place.at(&status.to_string());
            let &StatusCode::Code(status) = status else {
                return place.refuse("a range of statuses is not supported");
            };
            let (response, home) = self.response(response, &place)?;
            let content = home.at("content");
            let schema = match one_media(response.content.iter(), &content)? {
                Some(media) => Some(schema_name(media, &content.at(JSON))?.to_owned()),
                None => None,
            };
            let envelope = match &schema {
                Some(name) => Some(self.envelope(name, &content)?),
                None => None,
            };
            if (200..300).contains(&status) {
                let data = match envelope {
                    Some(Envelope::Success(data)) => Some(data),
                    Some(Envelope::Error) => {
                        return content.refuse("a success needs an `x-envelope: success`");
                    }
                    None => None,
                };
                successes.push((place, data));
            } else if let Some(Envelope::Success(_)) = envelope {
                return content.refuse("a failure needs an `x-envelope: error`");
            }
            let subject = self.sources.at(&home).first();
            answers.push(Answer {
                status,
                schema,
                inferred: subject.is_some_and(|claim| claim.kind == SourceKind::Inferred),
                docs: response.description.clone(),
                place: home,
            });
        }
        let mut successes = successes.into_iter();
        let Some((_, data)) = successes.next() else {
            return place.refuse("there is no success");
        };
        for (place, other) in successes {
            if other != data {
                return place.refuse("every success of an operation must hold the same");
            }
        }
        Ok((answers, data))
    }

    fn response<'b>(
        &self,
        response: &'b ReferenceOr<Response>,
        place: &Place,
    ) -> Result<(&'b Response, Place), Refusal>
    where
        Self: 'b,
    {
        match response {
            ReferenceOr::Item(response) => Ok((response, place.clone())),
            ReferenceOr::Reference { reference } => {
                let name = component(reference, "responses", place)?;
                let components = self.document.api.components.as_ref();
                match components.and_then(|it| it.responses.get(name)) {
                    Some(ReferenceOr::Item(response)) => {
                        let home = Place::root().at("components").at("responses").at(name);
                        Ok((response, home))
                    }
                    _ => place.refuse("a reference to a reference is not supported"),
                }
            }
        }
    }

    /// What an envelope holds.
    fn envelope(&mut self, name: &str, place: &Place) -> Result<Envelope, Refusal> {
        let document = self.document;
        let home = Place::schema(name);
        let Some(schema) = document.schema(name) else {
            return place.refuse(format!(
                "`{name}` must be a schema that stands there itself"
            ));
        };
        let extensions = Extensions::new(&schema.schema_data.extensions, &home);
        match extensions.word("x-envelope", &["success", "error"])? {
            None => {
                home.refuse("the body of an answer must be an envelope: `x-envelope` is missing")
            }
            Some("error") => Ok(Envelope::Error),
            Some(_) => {
                let ApiSchemaKind::Type(ApiType::Object(object)) = &schema.schema_kind else {
                    return home.refuse("an envelope is an object");
                };
                let place = home.at("properties").at("data");
                match object.properties.get("data") {
                    Some(ReferenceOr::Item(data)) => {
                        let required = object.required.iter().any(|name| name == "data");
                        if data.schema_data.nullable || !required {
                            return place.refuse("`data` must be there and no null");
                        }
                        let field = self.field("data", data, true, Role::Answer, &[], &place)?;
                        Ok(Envelope::Success(field.kind))
                    }
                    _ => place.refuse("`data` is missing"),
                }
            }
        }
    }

    fn callback(&mut self, item: &PathItem, place: &Place) -> Result<(), Refusal> {
        let mut seen = HashSet::new();
        for (method, operation) in item.iter() {
            let place = place.at(method);
            let Some(ReferenceOr::Item(body)) = &operation.request_body else {
                return place.refuse("a callback has a body");
            };
            let content = place.at("requestBody").at("content");
            let Some(media) = one_media(body.content.iter(), &content)? else {
                return content.refuse("`application/json` is missing");
            };
            let name = schema_name(media, &content.at(JSON))?;
            if seen.insert(name) {
                // The gateway writes it, so it is read as an answer.
                self.schema(name, Role::Answer, &[])?;
            }
        }
        Ok(())
    }
}

fn parameter_of<'a>(
    document: &'a Document,
    parameter: &'a ReferenceOr<ApiParameter>,
    place: Place,
) -> Result<(&'a ApiParameter, Place), Refusal> {
    match parameter {
        ReferenceOr::Item(parameter) => Ok((parameter, place)),
        ReferenceOr::Reference { reference } => {
            let name = component(reference, "parameters", &place)?;
            let components = document.api.components.as_ref();
            match components.and_then(|it| it.parameters.get(name)) {
                Some(ReferenceOr::Item(parameter)) => {
                    let home = Place::root().at("components").at("parameters").at(name);
                    Ok((parameter, home))
                }
                _ => place.refuse("a reference to a reference is not supported"),
            }
        }
    }
}

/// What a request holds, by the name of its schema.
enum Body {
    Json(String),
    Form(String),
}

enum Envelope {
    Success(Type),
    Error,
}

fn is_text(schema: &ApiSchema) -> bool {
    matches!(schema.schema_kind, ApiSchemaKind::Type(ApiType::String(_)))
}

/// The JSON of a body; `None` if there is no body.
fn one_media<'a>(
    mut content: impl Iterator<Item = (&'a String, &'a MediaType)>,
    place: &Place,
) -> Result<Option<&'a MediaType>, Refusal> {
    match (content.next(), content.next()) {
        (None, _) => Ok(None),
        (Some((kind, media)), None) if kind == JSON => Ok(Some(media)),
        _ => place.refuse("only `application/json` is supported"),
    }
}

fn schema_name<'a>(media: &'a MediaType, place: &Place) -> Result<&'a str, Refusal> {
    let place = place.at("schema");
    match &media.schema {
        Some(ReferenceOr::Reference { reference }) => component(reference, "schemas", &place),
        Some(ReferenceOr::Item(_)) | None => {
            place.refuse("the schema of a body must be a reference to a named one")
        }
    }
}
