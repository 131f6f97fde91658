"""Makes course.json: 120 formulas of a calculus and a deep-learning course, derived by SymPy with 40 digits.

Run with SymPy and mpmath installed: ``python make_course.py``. The second column is the same formula in
SymPy's own notation, written down by hand, so that nothing of the program takes part.
"""

import json
from pathlib import Path

import mpmath
import sympy

HERE = Path(__file__).parent
mpmath.mp.dps = 40

x, y, z, t, w, b, u, v, a, p, q = NAMES = sympy.symbols("x y z t w b u v a p q", real=True)
LOCALS = {str(name): name for name in NAMES} | {
    "sigma": lambda s: 1 / (1 + sympy.exp(-s)),
    "softplus": lambda s: sympy.log(1 + sympy.exp(s)),
    "Phi": lambda s: (1 + sympy.erf(s / sympy.sqrt(2))) / 2,
    "pick": lambda condition, one, other: sympy.Piecewise((one, condition), (other, True)),
}

# typed | SymPy | values
COURSE = """
x^2 + 3x - 5 | x**2 + 3*x - 5 | x=1.7
(x + 1)^3 (x - 2)^2 | (x+1)**3*(x-2)**2 | x=0.4
x^3 - 3x^2 + 2 | x**3 - 3*x**2 + 2 | x=-1.2
1/x | 1/x | x=0.8
1/(1 + x^2) | 1/(1+x**2) | x=0.6
(2x + 1)/(x - 3) | (2*x+1)/(x-3) | x=1.1
(x^2 - 1)/(x^2 + 1) | (x**2-1)/(x**2+1) | x=1.4
x/(1 + |x|) | x/(1+Abs(x)) | x=-0.7
√x | sqrt(x) | x=2.3
sqrt(1 + x^2) | sqrt(1+x**2) | x=0.9
1/√x | 1/sqrt(x) | x=1.9
x^(2/3) | x**Rational(2,3) | x=1.6
x^-2 | x**-2 | x=1.3
x⁻¹ + x⁵ | 1/x + x**5 | x=0.7
sin x | sin(x) | x=0.5
cos 2x | cos(2*x) | x=0.8
sin²x + cos²x | sin(x)**2+cos(x)**2 | x=0.33
sin(x)^2 | sin(x)**2 | x=1.2
sin x^2 | sin(x**2) | x=1.1
sin(cos(x)) | sin(cos(x)) | x=0.4
sin(cos(tan(x))) | sin(cos(tan(x))) | x=0.3
x sin x | x*sin(x) | x=1.5
x² cos x | x**2*cos(x) | x=2.1
sin x cos x | sin(x)*cos(x) | x=0.6
tan x | tan(x) | x=0.9
tan²(x) | tan(x)**2 | x=0.4
sin 2πx | sin(2*pi*x) | x=0.15
asin(x) | asin(x) | x=0.3
acos(x/2) | acos(x/2) | x=0.8
atan(3x) | atan(3*x) | x=0.45
arctan(1/x) | atan(1/x) | x=1.7
sinh(x) | sinh(x) | x=0.7
cosh 2x | cosh(2*x) | x=0.4
sinh(x)/cosh(x) | sinh(x)/cosh(x) | x=0.9
e^x | exp(x) | x=0.2
e^(-x²) | exp(-x**2) | x=0.7
e^(sin x) | exp(sin(x)) | x=1.3
2^x | 2**x | x=1.5
x^x | x**x | x=1.4
x^sin(x) | x**sin(x) | x=1.8
exp(x)/(1 + exp(x)) | exp(x)/(1+exp(x)) | x=0.6
ln x | log(x) | x=2.5
ln(1 + x^2) | log(1+x**2) | x=0.8
ln(ln(x)) | log(log(x)) | x=3.3
x ln x | x*log(x) | x=1.9
ln|x| | log(Abs(x)) | x=-1.7
log10(x) | log(x,10) | x=4.2
log₂(x) | log(x,2) | x=0.7
lg(1 + x) | log(1+x,10) | x=2.2
|x| | Abs(x) | x=-0.4
|x - 2| x | Abs(x-2)*x | x=1.1
||x| - 1| | Abs(Abs(x)-1) | x=0.6
{x² if x > 0 else -x} | pick(x>0,x**2,-x) | x=0.9
{x² if x > 0 else -x} | pick(x>0,x**2,-x) | x=-0.9
{1 if x > 2 else x^3 if x >= 1 else 0} | pick(x>2,1,pick(x>=1,x**3,0)) | x=1.5
floor(x) + x | floor(x)+x | x=1.4
sign(x) x^2 | sign(x)*x**2 | x=-0.8
max(x, x^2) | Max(x,x**2) | x=0.5
min(x, y, x y) | Min(x,y,x*y) | x=0.5,y=2.0
u = x² + 1; y = sin(u) | sin(x**2+1) | x=1.0
u = 3x; v = cos(u); v^2 | cos(3*x)**2 | x=0.7
u = x^2; v = e^u; w = v + u; w v | (exp(x**2)+x**2)*exp(x**2) | x=0.6
（x ＋ 1）×（x － 2）÷ 3 | (x+1)*(x-2)/3 | x=1.9
x y | x*y | x=1.5,y=-0.7
x² y + y³ | x**2*y+y**3 | x=1.2,y=0.8
x^y | x**y | x=1.6,y=1.3
(x + y)/(x - y) | (x+y)/(x-y) | x=2.1,y=0.6
sin(x y) + cos(y) | sin(x*y)+cos(y) | x=0.9,y=1.2
e^(x y) - x | exp(x*y)-x | x=0.4,y=0.9
sqrt(x² + y²) | sqrt(x**2+y**2) | x=3.0,y=4.0
atan(y/x) | atan(y/x) | x=1.1,y=0.7
ln(x² + y²) | log(x**2+y**2) | x=0.6,y=1.4
(1 - x)² + 100(y - x²)² | (1-x)**2+100*(y-x**2)**2 | x=-0.5,y=0.8
x² - y² | x**2-y**2 | x=0.3,y=0.5
x y z | x*y*z | x=1.1,y=0.9,z=-1.3
x² + y² + z² + x y z | x**2+y**2+z**2+x*y*z | x=0.4,y=1.2,z=0.7
sin x sin y sin z | sin(x)*sin(y)*sin(z) | x=0.4,y=1.2,z=0.7
(x² + y - 11)² + (x + y² - 7)² | (x**2+y-11)**2+(x+y**2-7)**2 | x=1.0,y=2.0
σ(x) | sigma(x) | x=0.4
sigmoid(-3x) | sigma(-3*x) | x=0.7
σ(x)(1 - σ(x)) | sigma(x)*(1-sigma(x)) | x=1.1
tanh(x) | tanh(x) | x=0.8
1 - tanh(x)² | 1-tanh(x)**2 | x=0.8
relu(x) | Max(x,0) | x=1.3
relu(x - 2)^2 | Max(x-2,0)**2 | x=2.7
softplus(x) | softplus(x) | x=-0.6
softplus(3x)/3 | softplus(3*x)/3 | x=0.5
ln(1 + e^x) | log(1+exp(x)) | x=0.9
ln(sigmoid(x)) | log(sigma(x)) | x=-0.7
logsigmoid(2x) | log(sigma(2*x)) | x=0.3
silu(x) | x*sigma(x) | x=1.2
x σ(1.702x) | x*sigma(1.702*x) | x=0.8
gelu(x) | x*Phi(x) | x=-0.9
erf(x) | erf(x) | x=0.35
x tanh(softplus(x)) | x*tanh(softplus(x)) | x=0.6
{x if x > 0 else e^x - 1} | pick(x>0,x,exp(x)-1) | x=-0.7
{x if x >= 0 else 0.01x} | pick(x>=0,x,0.01*x) | x=-1.5
max(0, 1 - x) | Max(0,1-x) | x=0.4
z = w x + b; a = σ(z); (a - t)²/2 | (sigma(w*x+b)-t)**2/2 | w=0.3,x=1.5,b=0.1,t=1.0
z = w x + b; a = σ(z); -(t ln(a) + (1 - t) ln(1 - a)) | -(t*log(sigma(w*x+b))+(1-t)*log(1-sigma(w*x+b))) | w=0.3,x=1.5,b=0.1,t=1.0
z = w x + b; tanh(z)^2 | tanh(w*x+b)**2 | w=-0.4,x=0.5,b=0.2
a = relu(w x + b); v a | v*Max(w*x+b,0) | w=0.7,x=0.9,b=0.1,v=-1.2
a = σ(w x); y = σ(v a); (y - t)^2 | (sigma(v*sigma(w*x))-t)**2 | w=0.5,x=1.2,v=-0.8,t=0.3
p = e^x/(e^x + e^y); -ln(p) | -log(exp(x)/(exp(x)+exp(y))) | x=0.4,y=1.1
logsumexp(x, y, z) - y | log(exp(x)+exp(y)+exp(z))-y | x=0.4,y=1.1,z=-0.3
ln(e^x + e^y) | log(exp(x)+exp(y)) | x=0.4,y=1.1
-(p ln(q) + (1 - p) ln(1 - q)) | -(p*log(q)+(1-p)*log(1-q)) | p=0.3,q=0.6
p ln(p/q) + (1 - p) ln((1 - p)/(1 - q)) | p*log(p/q)+(1-p)*log((1-p)/(1-q)) | p=0.3,q=0.6
-(1 - p)^2 ln(p) | -(1-p)**2*log(p) | p=0.35
{(x - t)²/2 if |x - t| < 1 else |x - t| - 0.5} | pick(Abs(x-t)<1,(x-t)**2/2,Abs(x-t)-Rational(1,2)) | x=0.4,t=2.0
{(x - t)²/2 if |x - t| < 1 else |x - t| - 0.5} | pick(Abs(x-t)<1,(x-t)**2/2,Abs(x-t)-Rational(1,2)) | x=0.4,t=1.0
ln(cosh(x - t)) | log(cosh(x-t)) | x=0.9,t=0.2
x/sqrt(x² + y² + 0.00001) | x/sqrt(x**2+y**2+0.00001) | x=0.9,y=0.4
u = (x + y)/2; v = ((x - u)² + (y - u)²)/2; (x - u)/sqrt(v + 0.001) | (x-y)/2/sqrt((x-y)**2/4+0.001) | x=0.9,y=0.4
x y/(sqrt(x² + z²) sqrt(y² + z²)) | x*y/(sqrt(x**2+z**2)*sqrt(y**2+z**2)) | x=0.9,y=0.4,z=0.3
e^(-(x - y)²/(2 z²)) | exp(-(x-y)**2/(2*z**2)) | x=0.9,y=0.4,z=0.8
(x w + b)^2 + 0.1(w² + b²) | (x*w+b)**2+0.1*(w**2+b**2) | x=0.9,w=0.4,b=-0.3
σ(x)^tanh(y) | sigma(x)**tanh(y) | x=0.9,y=0.4
sin(1/x) x² | sin(1/x)*x**2 | x=0.7
sin(sin(sin(sin(x)))) | sin(sin(sin(sin(x)))) | x=0.8
e^(e^(e^(-x))) | exp(exp(exp(-x))) | x=0.5
(1 + 1/x)^x | (1+1/x)**x | x=2.5
"""


def derived(line: str) -> dict[str, object]:
    """One line of the table, with all its derivatives."""
    typed, formula, values = (part.strip() for part in line.rsplit(" | ", 2))
    point = {name: float(value) for name, value in (pair.split("=") for pair in values.split(","))}
    f = sympy.sympify(formula, locals=LOCALS, rational=True)
    exact = {LOCALS[name]: sympy.Rational(value) for name, value in point.items()}

    def number(expression: sympy.Expr) -> float:
        flat = expression.replace(sympy.DiracDelta, lambda *_: sympy.Integer(0))
        flat = flat.replace(lambda e: isinstance(e, sympy.Derivative | sympy.Subs), lambda e: sympy.Integer(0))
        return float(flat.subs(exact).evalf(40))

    names = list(point)
    return {
        "text": typed,
        "values": point,
        "value": number(f),
        "gradient": [number(sympy.diff(f, LOCALS[name])) for name in names],
        "hessian": [[number(sympy.diff(f, LOCALS[n], LOCALS[m])) for m in names] for n in names],
    }


if __name__ == "__main__":
    course = [derived(line) for line in COURSE.strip().splitlines()]
    (HERE / "course.json").write_text(json.dumps(course, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(len(course))
