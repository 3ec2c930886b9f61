//! On what the functions are methods: found in the tables that list them, and in who gives back what.

use super::naming;
use super::shape::{self, Shape, Target};
use crate::c::CType;
use crate::facts::{ApiKind, Direction};
use crate::spec::{Api, Dispatch, MemoryRule, Named, Names, SocketKind, Spec, Struct};

/// All receivers of a model.
pub(in crate::emit) struct Receivers<'s> {
    /// The handle of a socket, if functions of sockets are listed.
    pub(super) socket: Option<SocketHandle<'s>>,
    /// The handles of providers.
    pub(super) providers: Vec<ProviderHandle<'s>>,
    /// What exports begin and end.
    pub(super) owners: Vec<Owner<'s>>,
    /// What exports of an owner give and take back.
    pub(super) guards: Vec<Guard<'s>>,
}

/// Sockets of all kinds.
pub(super) struct SocketHandle<'s> {
    /// The structure that its functions are given.
    pub(super) structure: &'s Struct,
    /// `Socket`.
    pub(super) name: String,
    /// The member of the structure that points to the table.
    pub(super) table_field: String,
    pub(super) kinds: Vec<Kind<'s>>,
}

/// A kind of socket.
pub(super) struct Kind<'s> {
    pub(super) kind: SocketKind,
    pub(super) table: &'s Struct,
    pub(super) client: Option<&'s Struct>,
}

/// A provider.
pub(super) struct ProviderHandle<'s> {
    pub(super) table: &'s Struct,
    /// The structure that points to the table.
    pub(super) holder: &'s Struct,
    pub(super) table_field: String,
    /// `Provider`.
    pub(super) name: String,
}

impl ProviderHandle<'_> {
    /// The other member of the structure, by its type: what the functions are given first.
    pub(super) fn client_field(&self, api: &Api) -> Option<&str> {
        let ty = api.signature.params.first()?.ty.spelling();
        let field = self.holder.record.fields.iter().find(|f| f.ty.spelling() == ty)?;
        field.name.as_ref().map(|n| n.value.as_str())
    }
}

/// A pair of exports: one begins, the other ends what lives in memory of the driver's.
pub(super) struct Owner<'s> {
    pub(super) begin: &'s Api,
    pub(super) end: &'s Api,
    /// The parameter that is the memory.
    pub(super) param: String,
    pub(super) structure: &'s Struct,
    /// `Registration`.
    pub(super) name: String,
}

/// What an export gives that another takes back.
pub(super) struct Guard<'s> {
    pub(super) giver: &'s Api,
    /// The parameter that it comes in.
    pub(super) param: String,
    pub(super) structure: &'s Struct,
    /// `ProviderNpi`.
    pub(super) name: String,
}

/// A member of a socket's table.
pub(super) struct Member<'s> {
    pub(super) kind: SocketKind,
    /// The way from the table to the member.
    pub(super) path: Vec<String>,
    /// The version of Windows that the member came with, if it came later than its table.
    pub(super) since: Option<&'s str>,
}

impl<'s> Receivers<'s> {
    pub(in crate::emit) fn new(spec: &'s Spec, names: &Names<'s>) -> Self {
        let tables = || spec.structs.iter().filter(|s| s.is_table_of(Dispatch::Provider));
        let kinds: Vec<Kind<'s>> = SocketKind::ALL
            .into_iter()
            .filter_map(|kind| {
                let of = |s: &&Struct| s.socket.as_ref().is_some_and(|k| k.value == kind);
                let client = spec.structs.iter().filter(|s| s.is_table_of(Dispatch::Client)).find(of);
                tables().find(of).map(|table| Kind { kind, table, client })
            })
            .collect();
        let socket = kinds
            .iter()
            .flat_map(|k| functions(k.table, names))
            .find_map(|api| pointee(&api.signature.params.first()?.ty, names))
            .and_then(|structure| {
                let table_field =
                    structure.record.fields.iter().find(|f| points_to_void(&f.ty, names))?.name.as_ref()?.value.clone();
                Some(SocketHandle { structure, name: naming::of_struct(structure), table_field, kinds })
            });
        let providers = tables()
            .filter(|t| t.socket.is_none())
            .filter_map(|table| {
                spec.structs.iter().find_map(|holder| {
                    let field = holder
                        .record
                        .fields
                        .iter()
                        .find(|f| pointee(&f.ty, names).is_some_and(|s| s.page.name.value == table.page.name.value))?;
                    let name = naming::of_struct(table);
                    let name = name.strip_suffix("Dispatch").unwrap_or(&name).to_owned();
                    Some(ProviderHandle { table, holder, table_field: field.name.as_ref()?.value.clone(), name })
                })
            })
            .collect();
        let exports = || spec.apis.iter().filter(|a| a.kind.value == ApiKind::Export);
        let owners: Vec<Owner<'s>> = exports()
            .filter_map(|begin| {
                let end = exports().find(|a| undoes(a, begin))?;
                let param = begin.params.iter().find(|p| {
                    p.direction.value == Direction::Out && p.memory.iter().any(|m| m.value == MemoryRule::UntilDeregistration)
                })?;
                let structure = pointee(begin.param_type(&param.name)?, names)?;
                Some(Owner { begin, end, param: param.name.value.clone(), structure, name: naming::of_struct(structure) })
            })
            .collect();
        let guards = exports()
            .filter(|giver| !owners.iter().any(|o| o.begin.key() == giver.key()) && exports().any(|e| undoes(e, giver)))
            .filter_map(|giver| {
                let param = giver.params.iter().find(|p| p.direction.value == Direction::Out)?;
                let structure = pointee(giver.param_type(&param.name)?, names)?;
                Some(Guard { giver, param: param.name.value.clone(), structure, name: naming::of_struct(structure) })
            })
            .collect();
        Self { socket, providers, owners, guards }
    }

    /// The kinds of sockets that have the function, with the way to it.
    pub(super) fn members(&self, api: &Api, names: &Names<'s>) -> Vec<Member<'s>> {
        let kinds = self.socket.iter().flat_map(|s| &s.kinds);
        kinds
            .filter_map(|k| {
                let (path, since) = member(k.table, api, names)?;
                Some(Member { kind: k.kind, path, since })
            })
            .collect()
    }

    /// The provider that has the function, and the version of Windows that it came with, if later than the table.
    pub(super) fn provider(&self, api: &Api, names: &Names<'s>) -> Option<(&ProviderHandle<'s>, Vec<String>, Option<&'s str>)> {
        self.providers.iter().find_map(|p| member(p.table, api, names).map(|(path, since)| (p, path, since)))
    }

    /// What holds a provider that was captured, as long as it is.
    pub(super) fn guard(&self, provider: &ProviderHandle<'_>) -> Option<&Guard<'s>> {
        self.guards.iter().find(|g| g.structure.page.name.value == provider.holder.page.name.value)
    }

    /// The owner whose memory the export is given.
    pub(super) fn owner(&self, api: &Api, names: &Names<'_>) -> Option<(&Owner<'s>, String)> {
        self.owners.iter().find_map(|owner| {
            let param = api.params.iter().find(|p| {
                api.param_type(&p.name)
                    .and_then(|ty| pointee(ty, names))
                    .is_some_and(|s| s.page.name.value == owner.structure.page.name.value)
            })?;
            Some((owner, param.name.value.clone()))
        })
    }
}

/// Whether one API gives back what the other gave.
pub(super) fn undoes(end: &Api, begin: &Api) -> bool {
    end.undoes.iter().any(|u| u.value == begin.page.name.value || u.value == begin.key())
}

/// The structure that a type points to.
pub(super) fn pointee<'s>(ty: &CType, names: &Names<'s>) -> Option<&'s Struct> {
    match shape::shape(ty, names) {
        Ok(Shape::Pointer { to: Target::Structure(name, _), .. }) => names.structure(&name),
        _ => None,
    }
}

fn points_to_void(ty: &CType, names: &Names<'_>) -> bool {
    matches!(shape::shape(ty, names), Ok(Shape::Pointer { to: Target::Void, .. }))
}

/// The functions that a table lists itself.
fn functions<'s>(table: &'s Struct, names: &Names<'s>) -> impl Iterator<Item = &'s Api> {
    table.record.fields.iter().filter_map(|f| match &f.ty {
        CType::Named(name) => match names.named(name) {
            Some(Named::FunctionPointer(api)) => Some(api),
            _ => None,
        },
        _ => None,
    })
}

/// The way from a table to the member of an API, also through a table inside it.
pub(super) fn member<'s>(table: &'s Struct, api: &Api, names: &Names<'s>) -> Option<(Vec<String>, Option<&'s str>)> {
    table.record.fields.iter().find_map(|field| {
        let CType::Named(ty) = &field.ty else { return None };
        let name = field.name.as_ref()?;
        let since = table.fields.iter().find(|f| f.name.value == name.value).and_then(|f| f.since.as_ref()).map(|s| s.as_str());
        match names.named(ty)? {
            Named::FunctionPointer(found) if found.key() == api.key() => Some((vec![name.value.clone()], since)),
            Named::Struct(inner) => member(inner, api, names).map(|(mut path, inner_since)| {
                path.insert(0, name.value.clone());
                (path, since.or(inner_since))
            }),
            _ => None,
        }
    })
}
